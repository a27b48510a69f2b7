import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { ask } from '../api/query.ts';
import { ErrorMessage, SkeletonRows } from '../ui/feedback.tsx';
import { Page } from '../ui/page.tsx';
import { State } from '../ui/state.tsx';

export function RunPage() {
  const { runId } = useParams({ from: '/runs/$runId' });
  const { data, error } = useQuery(ask('Run_Get', { params: { run_id: runId } }));
  return (
    <Page title={data?.run?.display_name ?? 'Run'} parent={{ to: '/runs', title: 'Runs' }}>
      {error ? <ErrorMessage error={error} /> : data ? <State state={data.run?.state} /> : <SkeletonRows />}
    </Page>
  );
}
