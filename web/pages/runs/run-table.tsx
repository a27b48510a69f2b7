import { useInfiniteQuery } from '@tanstack/react-query';
import { type ReactNode, useMemo } from 'react';
import { type RunFilters, runList, type RunSummary } from '../../api/run-list.ts';
import { headline } from '../../run/failure-text.ts';
import { ErrorMessage, SkeletonRows } from '../../ui/feedback.tsx';
import { RowLink } from '../../ui/row-link.tsx';
import type { Selection } from '../../ui/row-selection.tsx';
import { State } from '../../ui/state.tsx';
import { Duration, Time } from '../../ui/time.tsx';
import { type VirtualColumn, VirtualTable } from '../../ui/virtual-table.tsx';
import classes from './run-table.module.css';

interface RunTableProps {
  readonly list: RunList;
  readonly selection?: Selection;
  /** Shown when no run fits. */
  readonly empty: ReactNode;
  /** Columns that say nothing in this place. */
  readonly without?: readonly ('Pipeline' | 'Experiment')[];
}

/** The runs that fit the filters, of any number, as they change. */
export function RunTable({ list, selection, empty, without = NONE }: RunTableProps) {
  const columns = useMemo(() => COLUMNS.filter(({ title }) => !without.some((left) => left === title)), [without]);
  if (list.error && list.runs.length === 0) {
    return (
      <div className={classes['padded']}>
        <ErrorMessage error={list.error} retry={list.retry} />
      </div>
    );
  }
  if (list.isPending) {
    return (
      <div className={classes['padded']}>
        <SkeletonRows count={12} label="Loading runs" />
      </div>
    );
  }
  if (list.runs.length === 0) return empty;
  return (
    <VirtualTable
      label="Runs"
      columns={columns}
      rows={list.runs}
      rowKey={runKey}
      total={list.total}
      hasMore={list.hasMore}
      isLoadingMore={list.isLoadingMore}
      loadMore={list.loadMore}
      {...(selection === undefined ? {} : { selection })}
    />
  );
}

export type RunList = ReturnType<typeof useRunList>;

export function useRunList(filters: RunFilters) {
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useInfiniteQuery(runList(filters));
  const runs = useMemo(() => data?.pages.flatMap((page) => page.runs ?? []) ?? [], [data]);
  return {
    runs,
    total: data?.pages[0]?.total_size ?? runs.length,
    error,
    isPending,
    hasMore: hasNextPage,
    isLoadingMore: isFetchingNextPage,
    loadMore: () => void fetchNextPage(),
    retry: () => void refetch(),
  };
}

/** In the order of the list; without looking at all of it when nothing is selected. */
export const selectedRuns = (runs: readonly RunSummary[], selection: Selection): readonly RunSummary[] =>
  selection.keys.size === 0 ? [] : runs.filter((run) => selection.has(runKey(run)));

const NONE = [] as const;
const runKey = ({ run_id }: RunSummary): string => run_id ?? '';

const COLUMNS: readonly VirtualColumn<RunSummary>[] = [
  {
    title: 'Run',
    width: 'minmax(0, 2.4fr)',
    cell: (run) => (
      <>
        <State state={run.state} isIconOnly />
        <RowLink href={`/runs/${runKey(run)}`} className={classes['name']}>
          {run.display_name}
        </RowLink>
        {run.error?.message && <span className={classes['error']}>{headline(run.error.message)}</span>}
      </>
    ),
  },
  {
    title: 'Pipeline',
    width: 'minmax(0, 1.2fr)',
    isSecondary: true,
    cell: (run) =>
      run.pipeline_id ? (
        <RowLink
          href={`/pipelines/${run.pipeline_id}${run.pipeline_version_id ? `?version=${run.pipeline_version_id}` : ''}`}
          className={classes['muted']}
        >
          {run.pipeline_display_name || run.pipeline_name}
        </RowLink>
      ) : (
        <span className={classes['muted']}>{run.pipeline_display_name || run.pipeline_name}</span>
      ),
  },
  {
    title: 'Experiment',
    width: 'minmax(0, 0.9fr)',
    isSecondary: true,
    cell: (run) =>
      run.experiment_id && (
        <RowLink href={`/experiments/${run.experiment_id}`} className={classes['muted']}>
          {run.experiment_name}
        </RowLink>
      ),
  },
  {
    title: 'Duration',
    width: '84px',
    isNumber: true,
    isSecondary: true,
    cell: (run) => <Duration from={run.started_at} to={run.ended_at} />,
  },
  {
    title: 'Created',
    width: '92px',
    isNumber: true,
    cell: (run) => (
      <span className="muted">
        <Time at={run.created_at} />
      </span>
    ),
  },
];
