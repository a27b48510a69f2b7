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

function Anchor({ children, ...rest }: AnchorHTMLAttributes<HTMLAnchorElement>) {
  return (
    <a {...rest} className={classes['tab']}>
      {children}
    </a>
  );
}

/** The router marks the current one with `aria-current="page"`. */
export const Tab = createLink(Anchor);
