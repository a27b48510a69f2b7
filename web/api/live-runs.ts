import type { InfiniteData, QueryKey } from '@tanstack/react-query';
import { useEffect } from 'react';
import { urlOf } from './call.ts';
import { hasTakenEarly } from './early-answers.ts';
import { queryClient, refresh, refreshFromStart } from './query.ts';
import type { RunFilters } from './run-list-input.ts';
import { type RunPage, type RunSummary, withRun } from './run-list.ts';

/** Counts are asked again at most this often, however many runs change. */
const COUNTS_MS = 1_000;

/** Keeps all lists of runs current with the server's events, as long as it is mounted: once, in the shell. */
export function useLiveRuns(isOn: boolean): void {
  useEffect(() => {
    if (!isOn) return;
    const source = new EventSource(urlOf('Event_Stream'));
    let waiting: RunSummary[] = [];
    let frame = 0;
    let countsTimer: ReturnType<typeof setTimeout> | undefined;
    let hasGap = hasTakenEarly();
    const apply = () => {
      frame = 0;
      const runs = waiting;
      waiting = [];
      changeRunLists((list, filters) => runs.reduce((changed, run) => withRun(changed, filters, run), list));
      for (const { run_id } of runs) void queryClient.invalidateQueries({ queryKey: ['Run_Get', { params: { run_id } }] });
    };
    source.addEventListener('run', (event: MessageEvent<string>) => {
      waiting.push(JSON.parse(event.data) as RunSummary);
      // Once a frame, so that a burst of changes is one drawing.
      frame ||= requestAnimationFrame(apply);
      countsTimer ??= setTimeout(() => {
        countsTimer = undefined;
        void refresh('System_Get');
      }, COUNTS_MS);
    });
    source.addEventListener('error', () => (hasGap = true));
    source.addEventListener('open', () => {
      // What happened before there was a connection, or while it was lost, is not told again.
      if (hasGap) {
        void refreshFromStart('Run_List');
        void refresh('System_Get');
      }
      hasGap = false;
    });
    return () => {
      source.close();
      cancelAnimationFrame(frame);
      clearTimeout(countsTimer);
    };
  }, [isOn]);
}

/** Changes every list of runs that is kept, shown or not. */
export function changeRunLists(
  change: (list: InfiniteData<RunPage, string>, filters: RunFilters) => InfiniteData<RunPage, string>,
): void {
  for (const [key, data] of queryClient.getQueriesData<InfiniteData<RunPage, string>>({ queryKey: ['Run_List'] })) {
    if (data?.pages) queryClient.setQueryData(key, change(data, filtersOf(key)));
  }
}

const filtersOf = (key: QueryKey): RunFilters => (key[1] ?? {}) as RunFilters;
