import { SkeletonRows } from '../../ui/feedback.tsx';
import { Page } from '../../ui/page.tsx';

export function PipelinesPage() {
  return (
    <Page title="Pipelines">
      <SkeletonRows />
    </Page>
  );
}
