import { SkeletonRows } from '../../ui/feedback.tsx';
import { Page } from '../../ui/page.tsx';

export function UploadPage() {
  return (
    <Page title="Upload a pipeline">
      <SkeletonRows />
    </Page>
  );
}
