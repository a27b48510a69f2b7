import { SkeletonRows } from '../../ui/feedback.tsx';
import { Page } from '../../ui/page.tsx';

export function ExperimentPage() {
  return (
    <Page title="Experiment">
      <SkeletonRows />
    </Page>
  );
}
