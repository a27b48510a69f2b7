import { type InfiniteData, infiniteQueryOptions } from '@tanstack/react-query';
import { call } from './call.ts';
import { type Condition, filterText } from './filter.ts';
import type { Native, Reply } from './operations.ts';

export type RunSummary = Native<'RunSummary'>;
export type RunPage = Reply<'Run_List'>;

/** As in the address of a list of runs. */
export interface RunFilters {
  /** Part of the name. */
  readonly q?: string | undefined;
  /** One state or several, with commas. */
  readonly state?: string | undefined;
  readonly experiment?: string | undefined;
  readonly pipeline?: string | undefined;
  readonly recurring?: string | undefined;
  readonly archived?: string | undefined;
  readonly sort?: string | undefined;
}

export const RUN_SORTS = [
  { value: '', label: 'Newest first', by: 'created_at desc' },
  { value: 'oldest', label: 'Oldest first', by: 'created_at asc' },
  { value: 'finished', label: 'Last finished first', by: 'finished_at desc' },
  { value: 'name', label: 'By name', by: 'name asc' },
] as const;

export const RUN_PAGE_SIZE = 100;
export const UNFINISHED = 'PENDING,RUNNING,PAUSED,CANCELING';

/** Pages of runs along the API's keyset tokens: the millionth costs what the first does. */
export function runList(filters: RunFilters, pageSize = RUN_PAGE_SIZE) {
  return infiniteQueryOptions({
    queryKey: ['Run_List', withoutEmpty(filters), pageSize] as const,
    initialPageParam: '',
    queryFn: async ({ pageParam, signal }): Promise<RunPage> =>
      await call('Run_List', { query: { ...queryOf(filters), page_size: pageSize, page_token: pageParam } }, signal),
    getNextPageParam: (page: RunPage) => page.next_page_token || undefined,
    staleTime: 15_000,
  });
}

function queryOf({ q, state, experiment, pipeline, recurring, archived, sort }: RunFilters) {
  const conditions: Condition[] = [['storage_state', 'EQUALS', archived ? 'ARCHIVED' : 'AVAILABLE']];
  if (q) conditions.push(['name', 'IS_SUBSTRING', q]);
  if (state) conditions.push(['state', 'IN', state.split(',')]);
  return {
    filter: filterText(conditions),
    sort_by: RUN_SORTS.find(({ value }) => value === (sort ?? ''))?.by ?? RUN_SORTS[0].by,
    experiment_id: experiment,
    pipeline_id: pipeline,
    recurring_run_id: recurring,
  };
}

/** The same list with a run as it is now: replaced where it is, added on top when it is new, gone when it no longer belongs. */
export function withRun(
  list: InfiniteData<RunPage, string>,
  filters: RunFilters,
  run: RunSummary,
): InfiniteData<RunPage, string> {
  const isKnown = list.pages.some(({ runs }) => runs?.some(({ run_id }) => run_id === run.run_id));
  const belongs = matches(filters, run);
  if (!isKnown && (!belongs || filters.sort)) return list;
  const [first, ...rest] = list.pages;
  if (!isKnown) {
    const runs = [run, ...(first?.runs ?? [])];
    return { ...list, pages: [{ ...first, runs, total_size: (first?.total_size ?? 0) + 1 }, ...rest] };
  }
  return { ...list, pages: list.pages.map((page) => pageWith(page, run, belongs)) };
}

function pageWith(page: RunPage, run: RunSummary, belongs: boolean): RunPage {
  const runs = (page.runs ?? []).flatMap((before) => (before.run_id !== run.run_id ? [before] : belongs ? [run] : []));
  return { ...page, runs, total_size: (page.total_size ?? 0) - (belongs ? 0 : 1) };
}

function matches({ q, state, experiment, pipeline, recurring, archived }: RunFilters, run: RunSummary): boolean {
  return (
    (run.storage_state === 'ARCHIVED') === Boolean(archived) &&
    (!q || (run.display_name ?? '').toLowerCase().includes(q.toLowerCase())) &&
    (!state || state.split(',').includes(run.state ?? '')) &&
    (!experiment || run.experiment_id === experiment) &&
    (!pipeline || run.pipeline_id === pipeline) &&
    (!recurring || run.recurring_run_id === recurring)
  );
}

const withoutEmpty = (filters: RunFilters): RunFilters =>
  Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined && value !== '')) as RunFilters;
