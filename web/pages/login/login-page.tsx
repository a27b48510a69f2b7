import { SkeletonRows } from '../../ui/feedback.tsx';
import { Page } from '../../ui/page.tsx';

export function LoginPage() {
  return (
    <Page title="Log in">
      <SkeletonRows />
    </Page>
  );
}
