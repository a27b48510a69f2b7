import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { call, urlOf } from '../api/call.ts';
import type { Native } from '../api/operations.ts';
import { ask } from '../api/query.ts';
import { layoutWorker } from '../graph/use-layout.ts';
import { RunTasks, type Task } from './run-tasks.ts';

export type RunView = Native<'RunView'>;
export type Note = { readonly task?: number; readonly path?: string; readonly message?: string; readonly severity?: string };

export const isFinal = (state: string | undefined): boolean =>
  state === 'SUCCEEDED' || state === 'FAILED' || state === 'CANCELED';

const MAX_TASKS = 10_000;
const RETRY_MS = 2_000;

export interface Run {
  readonly view: RunView | undefined;
  readonly graph: Native<'Graph'> | undefined;
  readonly tasks: RunTasks;
  readonly error: Error | null;
  readonly reload: () => void;
}

/** A run with its graph and its tasks, kept current as long as it goes on. */
export function useRun(runId: string): Run {
  const client = useQueryClient();
  const run = ask('Run_Get', { params: { run_id: runId } });
  const view = useQuery(run);
  const graph = useQuery({ ...ask('Run_GetGraph', { params: { run_id: runId } }), staleTime: Infinity });
  const tasks = useMemo(() => new RunTasks((tell) => requestAnimationFrame(tell)), [runId]);
  const isWaiting = graph.data === undefined;
  useEffect(() => {
    if (isWaiting) layoutWorker();
  }, [isWaiting]);
  const state = view.data?.run?.state;
  const isEnded = isFinal(state);
  useEffect(() => {
    if (state === undefined) return;
    if (isEnded) return listAll(runId, tasks);
    return listen(runId, tasks, {
      // The cause of a failure and the outputs are not part of the summary.
      run: (summary) => {
        client.setQueryData(run.queryKey, (before) => (before ? { ...before, run: summary } : before));
        if (isFinal(summary.state)) void client.invalidateQueries({ queryKey: run.queryKey });
      },
    });
  }, [client, runId, tasks, isEnded, state === undefined]);
  return {
    view: view.data,
    graph: graph.data,
    tasks,
    error: view.error ?? graph.error,
    reload: () => void Promise.all([view.refetch(), graph.refetch()]),
  };
}

function listAll(runId: string, tasks: RunTasks): () => void {
  const stop = new AbortController();
  const load = async () => {
    for (let token: string | undefined = ''; token !== undefined;) {
      const query: { page_size: number; view: string; page_token?: string } = { page_size: MAX_TASKS, view: 'BASIC' };
      if (token !== '') query.page_token = token;
      const page: Native<'ListTasksResponse'> = await call('Task_List', { params: { run_id: runId }, query }, stop.signal);
      tasks.apply(page.tasks ?? []);
      token = page.next_page_token;
    }
  };
  const again = async () => {
    while (!stop.signal.aborted) {
      try {
        return await load();
      } catch {
        // A server that restarts is there again soon.
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  };
  void again();
  return () => stop.abort();
}

function listen(runId: string, tasks: RunTasks, { run }: { readonly run: (summary: Native<'RunSummary'>) => void }): () => void {
  const source = new EventSource(urlOf('Run_StreamEvents', { params: { run_id: runId } }));
  source.addEventListener('tasks', (event: MessageEvent<string>) => {
    tasks.apply((JSON.parse(event.data) as { readonly tasks?: readonly Task[] }).tasks ?? []);
  });
  source.addEventListener('run', (event: MessageEvent<string>) => run(JSON.parse(event.data) as Native<'RunSummary'>));
  return () => source.close();
}

/** Draws again with every batch of changes; `paceMs`: not more often than that. */
export function useTasksVersion(tasks: RunTasks, paceMs = 250): number {
  const paced = useMemo(() => pace(tasks, paceMs), [tasks, paceMs]);
  return useSyncExternalStore(paced.subscribe, paced.version);
}

function pace(tasks: RunTasks, paceMs: number) {
  let shown = tasks.version;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = 0;
  const subscribe = (tell: () => void) => {
    const show = () => {
      timer = undefined;
      last = performance.now();
      shown = tasks.version;
      tell();
    };
    const stop = tasks.subscribe(() => {
      timer ??= setTimeout(show, Math.max(0, paceMs - (performance.now() - last)));
    });
    if (shown !== tasks.version) show();
    return () => {
      stop();
      clearTimeout(timer);
      timer = undefined;
    };
  };
  return { subscribe, version: () => shown };
}
