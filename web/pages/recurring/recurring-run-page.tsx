import { SkeletonRows } from '../../ui/feedback.tsx';
import { Page } from '../../ui/page.tsx';

export function RecurringRunPage() {
  return (
    <Page title="Recurring run">
      <SkeletonRows />
    </Page>
  );
}
