import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { ask } from '../../api/query.ts';
import { useMay } from '../../api/session.ts';
import { Badge } from '../../ui/badge.tsx';
import { LinkButton } from '../../ui/button.tsx';
import { ErrorMessage, Skeleton } from '../../ui/feedback.tsx';
import { Page } from '../../ui/page.tsx';
import { useSelection } from '../../ui/row-selection.tsx';
import { BulkActions } from '../runs/bulk-actions.tsx';
import { NoRuns } from '../runs/no-runs.tsx';
import { RunFilterBar } from '../runs/run-filter-bar.tsx';
import { RunTable, selectedRuns, useRunList } from '../runs/run-table.tsx';
import { ExperimentMenu } from './experiment-menu.tsx';

/** An experiment: its runs. */
export function ExperimentPage() {
  const { experimentId } = useParams({ from: '/experiments/$experimentId' });
  const search = useSearch({ from: '/experiments/$experimentId' });
  const navigate = useNavigate({ from: '/experiments/$experimentId' });
  const may = useMay();
  const selection = useSelection();
  const about = useQuery(ask('ExperimentService_GetExperiment', { params: { experiment_id: experimentId } }));
  const filters = { ...search, experiment: experimentId };
  const list = useRunList(filters);
  const parent = { to: '/experiments', title: 'Experiments' } as const;
  if (about.error) {
    return (
      <Page title="Experiment" parent={parent}>
        <ErrorMessage error={about.error} retry={() => void about.refetch()} />
      </Page>
    );
  }
  const isArchived = about.data?.storage_state === 'ARCHIVED';
  const actions = (
    <>
      {may('RunService_CreateRun') && !isArchived && (
        <LinkButton to="/runs/new" search={{ experiment: experimentId }} kind="primary" icon="plus">
          New run
        </LinkButton>
      )}
      <ExperimentMenu experiment={about.data} />
    </>
  );
  return (
    <Page
      title={about.data?.display_name ?? 'Experiment'}
      heading={
        <>
          {about.data?.display_name ?? '…'} {isArchived && <Badge>archived</Badge>}
        </>
      }
      parent={parent}
      subtitle={about.data ? about.data.description || 'Runs that belong together' : <Skeleton width={280} />}
      layout="fill"
      actions={actions}
      bar={
        <RunFilterBar
          filters={search}
          total={list.total}
          onChange={(change) => void navigate({ search: { ...search, ...change }, replace: true })}
        />
      }
    >
      <RunTable list={list} selection={selection} without={WITHOUT} empty={<NoRuns filters={search} />} />
      <BulkActions runs={selectedRuns(list.rows, selection)} onDone={selection.clear} />
    </Page>
  );
}

const WITHOUT = ['Experiment'] as const;
