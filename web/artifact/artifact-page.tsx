import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { ask } from '../api/query.ts';
import { ErrorMessage, SkeletonRows } from '../ui/feedback.tsx';
import { Page } from '../ui/page.tsx';

export function ArtifactPage() {
  const { artifactId } = useParams({ from: '/artifacts/$artifactId' });
  const { data, error } = useQuery(ask('Artifact_Get', { params: { artifact_id: artifactId } }));
  return (
    <Page title={data?.name ?? 'Artifact'} parent={{ to: '/artifacts', title: 'Artifacts' }}>
      {error ? <ErrorMessage error={error} /> : data ? <p>{data.uri}</p> : <SkeletonRows />}
    </Page>
  );
}
