import { SkeletonRows } from '../../ui/feedback.tsx';
import { Page } from '../../ui/page.tsx';

export function NewRunPage() {
  return (
    <Page title="New run">
      <SkeletonRows />
    </Page>
  );
}
