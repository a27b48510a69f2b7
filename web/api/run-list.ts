import { type InfiniteData, infiniteQueryOptions } from '@tanstack/react-query';
import { call } from './call.ts';
import type { Native, Reply } from './operations.ts';
import { isShort } from './query.ts';
import { endOfDay, PAGE_SIZE, type RunFilters, runListInput } from './run-list-input.ts';

export type RunSummary = Native<'RunSummary'>;
export type RunPage = Reply<'Run_List'>;

/** Pages of runs along the API's keyset tokens: the millionth costs what the first does. */
export function runList(filters: RunFilters, pageSize = PAGE_SIZE) {
  return infiniteQueryOptions({
    queryKey: ['Run_List', withoutEmpty(filters), pageSize] as const,
    initialPageParam: '',
    queryFn: async ({ pageParam, signal }): Promise<RunPage> =>
      await call('Run_List', runListInput(filters, { page_size: pageSize, page_token: pageParam }), signal),
    getNextPageParam: (page: RunPage) => page.next_page_token || undefined,
    staleTime: 15_000,
    // Long lists are not compared row by row, nor asked for again as a whole: events keep them current.
    structuralSharing: false,
    refetchOnWindowFocus: false,
    refetchOnMount: isShort,
  });
}

type RunList = InfiniteData<RunPage, string>;

/** The same list with a run as it is now: replaced where it is, added on top when it is new, gone when it no longer belongs. */
export function withRun(list: RunList, filters: RunFilters, run: RunSummary): RunList {
  const belongs = matches(filters, run);
  const isKnown = list.pages.some((page) => isOn(page, run.run_id));
  if (isKnown)
    return belongs
      ? changed(list, run.run_id, (before) => (before.run_id === run.run_id ? run : before))
      : withoutRun(list, run.run_id);
  const [first, ...rest] = list.pages;
  if (!belongs || filters.sort) return list;
  return withTotal({ ...list, pages: [{ ...first, runs: [run, ...(first?.runs ?? [])] }, ...rest] }, 1);
}

/** The same list without a run. */
export function withoutRun(list: RunList, runId: string | undefined): RunList {
  if (!list.pages.some((page) => isOn(page, runId))) return list;
  return withTotal(
    changed(list, runId, (run) => (run.run_id === runId ? undefined : run)),
    -1,
  );
}

/** Only the page the run is on is a new object: lists may be long. */
function changed(list: RunList, runId: string | undefined, change: (run: RunSummary) => RunSummary | undefined): RunList {
  const pages = list.pages.map((page) =>
    isOn(page, runId) ? { ...page, runs: page.runs?.map(change).filter((run) => run !== undefined) } : page,
  );
  return { ...list, pages };
}

function withTotal(list: RunList, difference: number): RunList {
  const [first, ...rest] = list.pages;
  return { ...list, pages: [{ ...first, total_size: (first?.total_size ?? 0) + difference }, ...rest] };
}

const isOn = (page: RunPage, runId: string | undefined): boolean => page.runs?.some(({ run_id }) => run_id === runId) ?? false;

function matches({ q, state, experiment, pipeline, recurring, archived, until }: RunFilters, run: RunSummary): boolean {
  return (
    (run.storage_state === 'ARCHIVED') === Boolean(archived) &&
    (!q || (run.display_name ?? '').toLowerCase().includes(q.toLowerCase())) &&
    (!state || state.split(',').includes(run.state ?? '')) &&
    (!experiment || run.experiment_id === experiment) &&
    (!pipeline || run.pipeline_id === pipeline) &&
    (!recurring || run.recurring_run_id === recurring) &&
    !(endOfDay(until) && Date.parse(run.created_at ?? '') >= endOfDay(until)!.getTime())
  );
}

const withoutEmpty = (filters: RunFilters): RunFilters =>
  Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined && value !== '')) as RunFilters;
