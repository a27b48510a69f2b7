import { useInfiniteQuery } from '@tanstack/react-query';
import { type ReactNode, useMemo } from 'react';
import type { RunFilters } from '../../api/run-list-input.ts';
import { runList, type RunSummary } from '../../api/run-list.ts';
import { type Pages, usePageRows } from '../../api/use-pages.ts';
import { headline } from '../../run/failure-text.ts';
import { createdColumn } from '../../ui/columns.tsx';
import { ListBody } from '../../ui/list-body.tsx';
import { RowLink } from '../../ui/row-link.tsx';
import type { Selection } from '../../ui/row-selection.tsx';
import { State } from '../../ui/state.tsx';
import { Duration } from '../../ui/time.tsx';
import type { VirtualColumn } from '../../ui/virtual-table.tsx';
import classes from './run-table.module.css';

interface RunTableProps {
  readonly list: Pages<RunSummary>;
  readonly selection?: Selection;
  /** Shown when no run fits. */
  readonly empty: ReactNode;
  /** Columns that say nothing in this place. */
  readonly without?: readonly ('Pipeline' | 'Experiment')[];
}

/** The runs that fit the filters, of any number, as they change. */
export function RunTable({ list, selection, empty, without = NONE }: RunTableProps) {
  const columns = useMemo(() => COLUMNS.filter(({ title }) => !without.some((left) => left === title)), [without]);
  return (
    <ListBody
      label="Runs"
      list={list}
      columns={columns}
      rowKey={runKey}
      empty={empty}
      {...(selection === undefined ? {} : { selection })}
    />
  );
}

export const useRunList = (filters: RunFilters): Pages<RunSummary> =>
  usePageRows(useInfiniteQuery(runList(filters)), (page) => page.runs ?? []);

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
  createdColumn(),
];
