import type { ReactNode } from 'react';
import { createLink } from '@tanstack/react-router';
import type { AnchorHTMLAttributes } from 'react';
import classes from './tabs.module.css';

/** Views of one thing, each with an address of its own: `<Tabs label="Views"><Tab to="." search={…}>Graph</Tab></Tabs>`. */
export function Tabs({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <nav aria-label={label} className={classes['tabs']}>
      {children}
    </nav>
  );
}

interface AnchorProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  /** Whether this view is shown; default: whether the address is that of the tab. */
  readonly isCurrent?: boolean;
}

function Anchor({ children, isCurrent, ...rest }: AnchorProps) {
  const current = isCurrent === undefined ? rest['aria-current'] : isCurrent ? 'page' : undefined;
  return (
    <a {...rest} aria-current={current} className={classes['tab']}>
      {children}
    </a>
  );
}

export const Tab = createLink(Anchor);
