import { useRouter } from '@tanstack/react-router';
import type { MouseEvent, ReactNode } from 'react';

interface RowLinkProps {
  readonly href: string;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

/**
 * A link in a row of a long list. The router's own Link watches the address to know whether it is the current one, which for a
 * hundred links that come and go while one scrolls is most of the work.
 */
export function RowLink({ href, className, children }: RowLinkProps) {
  const router = useRouter();
  const follow = (event: MouseEvent) => {
    // Another tab or window is the browser's affair.
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    void router.navigate({ href });
  };
  return (
    <a href={href} className={className} onClick={follow}>
      {children}
    </a>
  );
}
