import { encodeMessage } from '../../api/encode-message.ts';
import { NATIVE_MESSAGES } from '../../api/native/messages.ts';
import { runNames } from '../../app/run-view.ts';
import { getRun } from '../../app/runs.ts';
import type { TaskRow } from '../../model/run.ts';
import { isFinalRun } from '../../model/states.ts';
import type { Caller } from '../auth/caller.ts';
import { whileSignedIn } from '../auth/while-signed-in.ts';
import type { Context } from '../context.ts';
import type { RawHandler } from '../dialect.ts';
import { eventStream, type EventSink } from '../event-stream.ts';
import { ENGINE_DEFAULT } from '../context.ts';
import { basicTask, runSummary } from './messages.ts';

/** Changes within this time are told together: a wide loop changes hundreds of tasks in a tick. */
const GATHER_MS = 50;

/** `tasks` with the tasks of a run that changed, `run` when the run itself did. All of it is told once at the beginning. */
export function runEvents(leaving: AbortSignal): RawHandler {
  return async ({ params, request }, context) => {
    const runId = params['run_id']!;
    await getRun(context.app, runId);
    return callersStream({ leaving, request, caller: context.caller }, (sink) => {
      const changed = new Map<number, TaskRow>();
      let isRunChanged = true;
      let timer: NodeJS.Timeout | undefined;
      const flush = async () => {
        timer = undefined;
        const tasks = [...changed.values()];
        changed.clear();
        if (tasks.length > 0) sendTasks(sink, tasks);
        if (!isRunChanged) return;
        isRunChanged = false;
        await sendRun(sink, context, runId);
      };
      const soon = () => {
        timer ??= setTimeout(() => void flush().catch(() => sink.close()), GATHER_MS);
      };
      const unsubscribe = context.app.engine.subscribe((update) => {
        if (update.runId !== runId) return;
        for (const task of update.tasks) changed.set(task.task, task);
        if (update.run) isRunChanged = true;
        for (const { task, path, message, severity } of update.notes) sink.send('note', { task, path, message, severity });
        soon();
      });
      // What has changed before the subscription is read after it: nothing falls between.
      void context.app.store
        .listTasks(runId)
        .then((tasks) => {
          for (const task of tasks) if (!changed.has(task.task)) changed.set(task.task, task);
          soon();
        })
        .catch(() => sink.close());
      return () => {
        clearTimeout(timer);
        unsubscribe();
      };
    });
  };
}

/** `run` whenever a run changes. Nothing is told at the beginning. */
export function allEvents(leaving: AbortSignal): RawHandler {
  return async ({ query, request }, context) => {
    const [within] = context.namespaces.withinRuns((query['namespace'] as string | undefined) ?? '');
    const namespace = within?.values[0];
    return callersStream({ leaving, request, caller: context.caller }, (sink) => {
      const waiting = new Set<string>();
      let timer: NodeJS.Timeout | undefined;
      const flush = async () => {
        timer = undefined;
        const runIds = [...waiting];
        waiting.clear();
        for (const runId of runIds) await sendRun(sink, context, runId);
      };
      const states = new Map<string, string>();
      const unsubscribe = context.app.engine.subscribe(({ runId, run }) => {
        if (!run || states.get(runId) === run.state) return;
        if (namespace !== undefined && (run.namespace || ENGINE_DEFAULT) !== namespace) return;
        if (isFinalRun(run.state)) states.delete(runId);
        else states.set(runId, run.state);
        waiting.add(runId);
        timer ??= setTimeout(() => void flush().catch(() => sink.close()), GATHER_MS);
      });
      return () => {
        clearTimeout(timer);
        unsubscribe();
      };
    });
  };
}

interface Listener {
  readonly leaving: AbortSignal;
  readonly request: Request;
  readonly caller: Caller;
}

/** Ends when the server leaves, when the client goes, and when who opened it is no longer signed in. */
function callersStream({ leaving, request, caller }: Listener, open: (sink: EventSink) => () => void): Response {
  const signedIn = whileSignedIn(caller);
  return eventStream([leaving, request.signal, signedIn.signal], (sink) => {
    const stop = open(sink);
    return () => {
      signedIn[Symbol.dispose]();
      stop();
    };
  });
}

function sendTasks(sink: EventSink, tasks: readonly TaskRow[]): void {
  sink.send('tasks', encodeMessage(NATIVE_MESSAGES, 'ListTasksResponse', { tasks: tasks.map(basicTask) }));
}

async function sendRun(sink: EventSink, context: Context, runId: string): Promise<void> {
  const row = await context.app.catalogue.getCataloguedRun(runId);
  if (!row) return sink.send('deleted', { run_id: runId });
  const summary = runSummary(context, row, await runNames(context.app)(row));
  sink.send('run', encodeMessage(NATIVE_MESSAGES, 'RunSummary', summary));
}
