import { SkeletonRows } from '../../ui/feedback.tsx';
import { Page } from '../../ui/page.tsx';

export function PipelinePage() {
  return (
    <Page title="Pipeline">
      <SkeletonRows />
    </Page>
  );
}
