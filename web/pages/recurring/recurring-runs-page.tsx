import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { type Condition, filterText } from '../../api/filter.ts';
import type { V2 } from '../../api/operations.ts';
import { useMay } from '../../api/session.ts';
import { usePages } from '../../api/use-pages.ts';
import { useHotkeys } from '../../base/use-hotkeys.ts';
import { LinkButton } from '../../ui/button.tsx';
import { createdColumn } from '../../ui/columns.tsx';
import { Empty } from '../../ui/feedback.tsx';
import { ListPage } from '../../ui/list-page.tsx';
import type { VirtualColumn } from '../../ui/virtual-table.tsx';
import classes from '../runs/run-table.module.css';
import { PauseButton } from './pause-button.tsx';
import { scheduleText } from './schedule-text.ts';

/** Runs that start by a schedule. */
export function RecurringRunsPage() {
  const search = useSearch({ from: '/recurring' });
  const { q = '', experiment } = search;
  const navigate = useNavigate({ from: '/recurring' });
  const may = useMay();
  const conditions: Condition[] = q ? [['name', 'IS_SUBSTRING', q]] : [];
  const list = usePages(
    'RecurringRunService_ListRecurringRuns',
    { query: { sort_by: 'created_at desc', filter: filterText(conditions), experiment_id: experiment } },
    (page) => page.recurringRuns ?? [],
  );
  const mayCreate = may('RecurringRunService_CreateRecurringRun');
  useHotkeys({ n: () => mayCreate && void navigate({ to: '/recurring/new' }) });
  const create = mayCreate && (
    <LinkButton to="/recurring/new" kind="primary" icon="plus" keys="n">
      New recurring run
    </LinkButton>
  );
  return (
    <ListPage
      title="Recurring runs"
      actions={create}
      search={q}
      onSearch={(text) => void navigate({ search: { ...search, q: text }, replace: true })}
      list={list}
      columns={COLUMNS}
      rowKey={({ recurring_run_id }) => recurring_run_id ?? ''}
      empty={
        q ? (
          <Empty icon="search" title={`No recurring run is called “${q}”`} />
        ) : (
          <Empty icon="clock" title="No recurring runs yet" actions={create}>
            A recurring run starts runs by a schedule: every night, every ten minutes, on Mondays at nine.
          </Empty>
        )
      }
    />
  );
}

type RecurringRun = V2<'RecurringRun'>;

const COLUMNS: readonly VirtualColumn<RecurringRun>[] = [
  {
    title: 'Recurring run',
    width: 'minmax(0, 1.6fr)',
    cell: ({ recurring_run_id = '', display_name }) => (
      <Link to="/recurring/$recurringRunId" params={{ recurringRunId: recurring_run_id }} className={classes['name']}>
        {display_name}
      </Link>
    ),
  },
  {
    title: 'Schedule',
    width: 'minmax(0, 1fr)',
    cell: ({ trigger }) => <span className={classes['muted']}>{scheduleText(trigger)}</span>,
  },
  {
    title: 'State',
    width: '110px',
    isSecondary: true,
    cell: ({ status }) => (status === 'ENABLED' ? 'On' : <span className="muted">Paused</span>),
  },
  createdColumn({ isSecondary: true }),
  {
    title: 'Action',
    width: '92px',
    isNumber: true,
    cell: (recurringRun) => <PauseButton recurringRun={recurringRun} kind="quiet" />,
  },
];
