import { SkeletonRows } from '../../ui/feedback.tsx';
import { Page } from '../../ui/page.tsx';

export function SettingsPage() {
  return (
    <Page title="Settings">
      <SkeletonRows />
    </Page>
  );
}
