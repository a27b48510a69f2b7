import { SkeletonRows } from '../../ui/feedback.tsx';
import { Page } from '../../ui/page.tsx';

export function RecurringRunsPage() {
  return (
    <Page title="Recurring runs">
      <SkeletonRows />
    </Page>
  );
}
