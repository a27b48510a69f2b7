import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { type Condition, filterText } from '../../api/filter.ts';
import type { V2 } from '../../api/operations.ts';
import { useMay } from '../../api/session.ts';
import { usePages } from '../../api/use-pages.ts';
import { useHotkeys } from '../../base/use-hotkeys.ts';
import { Button } from '../../ui/button.tsx';
import { createdColumn } from '../../ui/columns.tsx';
import { Empty } from '../../ui/feedback.tsx';
import { ListPage } from '../../ui/list-page.tsx';
import { Segments } from '../../ui/segments.tsx';
import { Time } from '../../ui/time.tsx';
import type { VirtualColumn } from '../../ui/virtual-table.tsx';
import classes from '../runs/run-table.module.css';
import { NewExperimentDialog } from './new-experiment-dialog.tsx';

/** Experiments: what groups runs. */
export function ExperimentsPage() {
  const search = useSearch({ from: '/experiments' });
  const { q = '', archived } = search;
  const navigate = useNavigate({ from: '/experiments' });
  const may = useMay();
  const mayCreate = may('ExperimentService_CreateExperiment');
  const conditions: Condition[] = [['storage_state', 'EQUALS', archived ? 'ARCHIVED' : 'AVAILABLE']];
  if (q) conditions.push(['name', 'IS_SUBSTRING', q]);
  const list = usePages(
    'ExperimentService_ListExperiments',
    { query: { sort_by: 'last_run_created_at desc', filter: filterText(conditions) } },
    (page) => page.experiments ?? [],
  );
  const open = (isOpen: boolean) => void navigate({ search: { ...search, new: isOpen ? 'true' : undefined }, replace: true });
  useHotkeys({ n: () => mayCreate && open(true) });
  const create = mayCreate && (
    <Button kind="primary" icon="plus" keys="n" onClick={() => open(true)}>
      New experiment
    </Button>
  );
  return (
    <ListPage
      title="Experiments"
      actions={create}
      search={q}
      onSearch={(text) => void navigate({ search: { ...search, q: text }, replace: true })}
      filters={
        <Segments
          label="Storage"
          value={archived ?? ''}
          options={[
            { value: '', label: 'Active' },
            { value: 'true', label: 'Archived' },
          ]}
          onChange={(value) => void navigate({ search: { ...search, archived: value }, replace: true })}
        />
      }
      list={list}
      columns={COLUMNS}
      rowKey={({ experiment_id }) => experiment_id ?? ''}
      empty={
        <Empty
          icon="experiments"
          title={q ? `No experiment is called “${q}”` : archived ? 'Nothing is archived' : 'No experiments yet'}
        >
          An experiment groups runs that belong together.
        </Empty>
      }
    >
      {search.new && mayCreate && <NewExperimentDialog onClose={() => open(false)} />}
    </ListPage>
  );
}

const COLUMNS: readonly VirtualColumn<V2<'Experiment'>>[] = [
  {
    title: 'Experiment',
    width: 'minmax(0, 1.4fr)',
    cell: ({ experiment_id = '', display_name }) => (
      <Link to="/experiments/$experimentId" params={{ experimentId: experiment_id }} className={classes['name']}>
        {display_name}
      </Link>
    ),
  },
  {
    title: 'Description',
    width: 'minmax(0, 2fr)',
    isSecondary: true,
    cell: ({ description }) => <span className={classes['muted']}>{description}</span>,
  },
  { title: 'Last run', width: '92px', isNumber: true, cell: ({ last_run_created_at }) => <LastRun at={last_run_created_at} /> },
  createdColumn({ isSecondary: true }),
];

/** The API says the epoch for "not yet". */
function LastRun({ at }: { readonly at: string | undefined }) {
  return at === undefined || Date.parse(at) <= 0 ? <span className="muted">never</span> : <Time at={at} />;
}
