/** What a list of runs is asked with: apart from run-list.ts, so that it can be asked before the packages are there. */
import { type Condition, filterText } from './filter.ts';
import type { Input } from './operations.ts';

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
  /** The last day on which a run was created, `2026-11-24`: the way to old runs in a long list. */
  readonly until?: string | undefined;
}

/** The names of the filters of the page of all runs. */
export const RUN_FILTERS = ['q', 'state', 'experiment', 'pipeline', 'recurring', 'archived', 'sort', 'until'] as const;

export const RUN_SORTS = [
  { value: '', label: 'Newest first', by: 'created_at desc' },
  { value: 'oldest', label: 'Oldest first', by: 'created_at asc' },
  { value: 'finished', label: 'Last finished first', by: 'finished_at desc' },
  { value: 'name', label: 'By name', by: 'name asc' },
] as const;

export const PAGE_SIZE = 200;
export const UNFINISHED = 'PENDING,RUNNING,PAUSED,CANCELING';

/** The lists of the home page. */
export const HOME_LISTS = {
  recent: {},
  running: { state: UNFINISHED },
  failed: { state: 'FAILED', sort: 'finished' },
} as const satisfies Readonly<Record<string, RunFilters>>;

/** What Run_List is asked for a page of the runs that fit. */
export function runListInput(
  { q, state, experiment, pipeline, recurring, archived, sort, until }: RunFilters,
  page: { readonly page_size: number; readonly page_token?: string } = { page_size: PAGE_SIZE },
): Input<'Run_List'> {
  const conditions: Condition[] = [['storage_state', 'EQUALS', archived ? 'ARCHIVED' : 'AVAILABLE']];
  if (q) conditions.push(['name', 'IS_SUBSTRING', q]);
  if (state) conditions.push(['state', 'IN', state.split(',')]);
  const end = endOfDay(until);
  if (end) conditions.push(['created_at', 'LESS_THAN', end]);
  const query = {
    filter: filterText(conditions),
    sort_by: RUN_SORTS.find(({ value }) => value === (sort ?? ''))?.by ?? RUN_SORTS[0].by,
    experiment_id: experiment,
    pipeline_id: pipeline,
    recurring_run_id: recurring,
    ...page,
  };
  return { query };
}

/** In the time zone of the reader; undefined for what is no day. */
export function endOfDay(day: string | undefined): Date | undefined {
  const start = new Date(`${day}T00:00:00`);
  if (!day || Number.isNaN(start.getTime())) return undefined;
  start.setDate(start.getDate() + 1);
  return start;
}
