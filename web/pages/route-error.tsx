import type { ErrorComponentProps } from '@tanstack/react-router';
import { LinkButton } from '../ui/button.tsx';
import { Empty, ErrorMessage } from '../ui/feedback.tsx';
import { Page } from '../ui/page.tsx';

/** A page that could not be drawn. */
export function RouteError({ error, reset }: ErrorComponentProps) {
  return (
    <Page title="Something went wrong">
      <ErrorMessage error={error instanceof Error ? error : new Error(String(error))} retry={reset} />
    </Page>
  );
}

/** An address that is none of ours. */
export function RouteNotFound() {
  return (
    <Page title="Not found">
      <Empty icon="search" title="There is no such page" actions={<LinkButton to="/">Go to the start</LinkButton>}>
        The address {location.pathname} leads nowhere.
      </Empty>
    </Page>
  );
}
