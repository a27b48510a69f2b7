import { SkeletonRows } from '../../ui/feedback.tsx';
import { Page } from '../../ui/page.tsx';

export function ExperimentsPage() {
  return (
    <Page title="Experiments">
      <SkeletonRows />
    </Page>
  );
}
