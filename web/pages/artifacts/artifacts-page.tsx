import { SkeletonRows } from '../../ui/feedback.tsx';
import { Page } from '../../ui/page.tsx';

export function ArtifactsPage() {
  return (
    <Page title="Artifacts">
      <SkeletonRows />
    </Page>
  );
}
