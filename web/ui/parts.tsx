import type { ReactNode } from 'react';
import classes from './parts.module.css';

/** Facts in one line, with dots between them. */
export function Parts({ children }: { readonly children: ReactNode }) {
  return <span className={classes['parts']}>{children}</span>;
}
