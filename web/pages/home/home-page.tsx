import { Page } from '../../ui/page.tsx';
import { RunsLink } from './runs-link.tsx';

export function HomePage() {
  return (
    <Page title="Home">
      <RunsLink />
    </Page>
  );
}
