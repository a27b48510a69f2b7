import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ask } from '../../api/query.ts';
import { Empty, ErrorMessage, SkeletonRows } from '../../ui/feedback.tsx';
import { Page } from '../../ui/page.tsx';
import { State } from '../../ui/state.tsx';
import { Table } from '../../ui/table.tsx';
import { Duration, Time } from '../../ui/time.tsx';

export function RunsPage() {
  const { data, error, refetch } = useQuery(ask('Run_List', { query: { page_size: 50 } }));
  return (
    <Page title="Runs">
      {error && <ErrorMessage error={error} retry={() => void refetch()} />}
      {!data && !error && <SkeletonRows />}
      {data && !data.runs && <Empty icon="runs" title="No runs yet" />}
      {data?.runs && (
        <Table
          label="Runs"
          rows={data.runs}
          rowKey={(run) => run.run_id!}
          columns={[
            {
              title: 'Run',
              kind: 'main',
              cell: (run) => (
                <Link to="/runs/$runId" params={{ runId: run.run_id! }}>
                  {run.display_name}
                </Link>
              ),
            },
            { title: 'State', cell: (run) => <State state={run.state} /> },
            { title: 'Duration', kind: 'number', cell: (run) => <Duration from={run.started_at} to={run.ended_at} /> },
            { title: 'Started', cell: (run) => <Time at={run.started_at} /> },
          ]}
        />
      )}
    </Page>
  );
}
