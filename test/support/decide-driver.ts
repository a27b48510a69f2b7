/** Drives decide by hand, without loop, store or executor: the test says how each step ends. */
import { decide } from '../../src/engine/decide.ts';
import { noEffects } from '../../src/engine/effects.ts';
import { newRun } from '../../src/engine/new-run.ts';
import { planPipeline } from '../../src/engine/plan-pipeline.ts';
import { pathOf, type RunData, type TaskInstance } from '../../src/engine/run-data.ts';
import type { JsonObject, JsonValue } from '../../src/base/json.ts';
import type { PipelineDocument } from '../../src/ir/spec.ts';
import type { RunEvent } from '../../src/model/events.ts';
import type { TaskError } from '../../src/model/outcome.ts';
import type { RunDefinition, RunSettings } from '../../src/model/run.ts';
import type { TaskState } from '../../src/model/states.ts';

export interface Launched {
  readonly key: string;
  readonly path: string;
  readonly attempt: number;
  readonly task: TaskInstance;
}

export interface DecideDriver {
  readonly run: RunData;
  /** Admits the next ready step; undefined when none is ready. */
  launchNext(): Launched | undefined;
  /** All steps that are ready now. */
  launchAll(): readonly Launched[];
  succeed(launched: Launched, parameters?: JsonObject): void;
  fail(launched: Launched, error?: Partial<TaskError>): void;
  cancel(reason?: string): void;
  resume(fromPath?: string): void;
  post(event: RunEvent): void;
  advance(ms: number): void;
  stateOf(path: string): TaskState | undefined;
  outputOf(path: string, name: string): JsonValue | undefined;
  find(path: string): TaskInstance | undefined;
  /** Times (ms after the start) at which retries were asked for. */
  readonly retriesAt: readonly number[];
}

export const START_MS = Date.UTC(2026, 0, 1);

export function startTestRun(
  document: PipelineDocument,
  options: { readonly arguments?: JsonObject; readonly settings?: RunSettings } = {},
): DecideDriver {
  const definition: RunDefinition = {
    runId: 'run',
    namespace: 'default',
    displayName: 'a run',
    pipelineName: document.spec.pipelineInfo.name,
    documentDigest: '',
    arguments: options.arguments ?? {},
    pipelineRoot: '/root',
    settings: options.settings ?? {},
    createdAtMs: START_MS,
    scheduledAtMs: START_MS,
  };
  const effects = noEffects();
  const ready: TaskInstance[] = [];
  const retriesAt: number[] = [];
  const run = newRun(definition, document, planPipeline(document), effects);
  let nowMs = START_MS;
  const collect = () => {
    for (const command of effects.commands.splice(0)) {
      if (command.kind === 'offer' || command.kind === 'look-up') ready.push(command.task);
      if (command.kind === 'retry-at') retriesAt.push(command.atMs - START_MS);
    }
  };
  const post = (event: RunEvent) => {
    decide(run, { atMs: nowMs, event }, effects);
    collect();
  };
  const finish = ({ task, attempt }: Launched, outcome: Extract<RunEvent, { kind: 'finished' }>['outcome']) =>
    post({ kind: 'finished', task: task.number, attempt, outcome, startedAtMs: nowMs, endedAtMs: nowMs });
  const find = (path: string) => run.tasks.findLast((task) => task && pathOf(task) === path);
  collect();
  return {
    run,
    retriesAt,
    post,
    find,
    launchNext() {
      const task = ready.shift();
      if (!task) return undefined;
      post({ kind: 'launched', task: task.number, attempt: task.attempts });
      return { key: task.planTask!.key, path: pathOf(task), attempt: task.attempts - 1, task };
    },
    launchAll() {
      const launched: Launched[] = [];
      for (let next = this.launchNext(); next; next = this.launchNext()) launched.push(next);
      return launched;
    },
    succeed: (launched, parameters = {}) => finish(launched, { kind: 'succeeded', outputs: { parameters, artifacts: {} } }),
    fail: (launched, error = {}) =>
      finish(launched, { kind: 'failed', error: { code: 1, message: 'it failed', cause: 'step', ...error } }),
    cancel: (reason = 'test') => post({ kind: 'cancel-requested', reason }),
    resume: (fromPath) => post({ kind: 'resumed', ...(fromPath === undefined ? {} : { fromTask: find(fromPath)!.number }) }),
    advance(ms) {
      nowMs += ms;
    },
    stateOf: (path) => find(path)?.state,
    outputOf: (path, name) => find(path)?.outputs?.parameters[name],
  };
}
