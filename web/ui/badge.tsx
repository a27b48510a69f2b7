import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import classes from './badge.module.css';

/** A word beside a name: a version, a count, a role. */
export function Badge({
  kind = 'plain',
  children,
}: {
  readonly kind?: 'plain' | 'accent' | 'warning';
  readonly children: ReactNode;
}) {
  return <span className={classNames(classes['badge'], classes[kind])}>{children}</span>;
}

export function Kbd({ children }: { readonly children: ReactNode }) {
  return <kbd className={classes['kbd']}>{children}</kbd>;
}
