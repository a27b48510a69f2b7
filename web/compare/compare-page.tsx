import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { ask } from '../api/query.ts';
import { ErrorMessage, SkeletonRows } from '../ui/feedback.tsx';
import { Page } from '../ui/page.tsx';

export function ComparePage() {
  const { runs = '' } = useSearch({ from: '/compare' });
  const { data, error } = useQuery(ask('Run_Compare', { query: { run_ids: runs.split(',') } }));
  return (
    <Page title="Compare runs" parent={{ to: '/runs', title: 'Runs' }}>
      {error ? (
        <ErrorMessage error={error} />
      ) : data ? (
        data.runs?.map((run) => <p key={run.run_id}>{run.display_name}</p>)
      ) : (
        <SkeletonRows />
      )}
    </Page>
  );
}
