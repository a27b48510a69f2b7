import { ask, queryClient } from '../api/query.ts';

/** Asks for a run and its graph before its page is there: when it is pointed at, and beside the page's code. */
export function prefetchRun(runId: string): void {
  const params = { run_id: runId };
  void queryClient.prefetchQuery(ask('Run_Get', { params }));
  void queryClient.prefetchQuery({ ...ask('Run_GetGraph', { params }), staleTime: Infinity });
}
