import { SkeletonRows } from '../../ui/feedback.tsx';
import { Page } from '../../ui/page.tsx';

export function NewRecurringRunPage() {
  return (
    <Page title="New recurring run">
      <SkeletonRows />
    </Page>
  );
}
