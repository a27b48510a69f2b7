import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMay } from '../../api/session.ts';
import { useHotkeys } from '../../base/use-hotkeys.ts';
import { LinkButton } from '../../ui/button.tsx';
import { Page } from '../../ui/page.tsx';
import { useSelection } from '../../ui/row-selection.tsx';
import { BulkActions } from './bulk-actions.tsx';
import { NoRuns } from './no-runs.tsx';
import { RunFilterBar } from './run-filter-bar.tsx';
import { RunTable, selectedRuns, useRunList } from './run-table.tsx';

/** All runs: filters in the address, live, bulk actions. */
export function RunsPage() {
  const filters = useSearch({ from: '/runs' });
  const navigate = useNavigate({ from: '/runs' });
  const selection = useSelection();
  const may = useMay();
  const list = useRunList(filters);
  const mayCreate = may('RunService_CreateRun');
  useHotkeys({ n: () => mayCreate && void navigate({ to: '/runs/new' }), Escape: selection.clear });
  return (
    <Page
      title={filters.archived ? 'Archived runs' : 'Runs'}
      layout="fill"
      actions={
        mayCreate && (
          <LinkButton to="/runs/new" kind="primary" icon="plus" keys="n">
            New run
          </LinkButton>
        )
      }
      bar={
        <RunFilterBar
          filters={filters}
          total={list.total}
          onChange={(change) => void navigate({ search: { ...filters, ...change }, replace: true })}
        />
      }
    >
      <RunTable list={list} selection={selection} empty={<NoRuns filters={filters} />} />
      <BulkActions runs={selectedRuns(list.rows, selection)} onDone={selection.clear} />
    </Page>
  );
}
