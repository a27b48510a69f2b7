import { type InfiniteData, type QueryKey, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { urlOf } from './call.ts';
import { refresh } from './query.ts';
import { type RunFilters, type RunPage, type RunSummary, withRun } from './run-list.ts';

/** Counts are asked again at most this often, however many runs change. */
const COUNTS_MS = 1_000;

/** Keeps all lists of runs current with the server's events, as long as it is mounted: once, in the shell. */
export function useLiveRuns(isOn: boolean): void {
  const client = useQueryClient();
  useEffect(() => {
    if (!isOn) return;
    const source = new EventSource(urlOf('Event_Stream'));
    let waiting: RunSummary[] = [];
    let frame = 0;
    let countsTimer: ReturnType<typeof setTimeout> | undefined;
    let wasLost = false;
    const apply = () => {
      frame = 0;
      const runs = waiting;
      waiting = [];
      for (const [key, data] of client.getQueriesData<InfiniteData<RunPage, string>>({ queryKey: ['Run_List'] })) {
        if (data?.pages)
          client.setQueryData(
            key,
            runs.reduce((list, run) => withRun(list, filtersOf(key), run), data),
          );
      }
      for (const run of runs) void client.invalidateQueries({ queryKey: ['Run_Get', { params: { run_id: run.run_id } }] });
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
    source.addEventListener('error', () => (wasLost = true));
    source.addEventListener('open', () => {
      // What happened while the connection was lost is not told again.
      if (wasLost) void refresh('Run_List', 'System_Get');
      wasLost = false;
    });
    return () => {
      source.close();
      cancelAnimationFrame(frame);
      clearTimeout(countsTimer);
    };
  }, [client, isOn]);
}

const filtersOf = (key: QueryKey): RunFilters => (key[1] ?? {}) as RunFilters;
