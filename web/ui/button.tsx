import { createLink } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import { classNames } from './class-names.ts';
import { Icon, type IconName } from './icon.tsx';
import classes from './button.module.css';

interface Look {
  /** `primary`: the one thing a page is for. `quiet`: without a border. Default: `normal`. */
  readonly kind?: 'normal' | 'primary' | 'danger' | 'quiet';
  readonly icon?: IconName;
  /** A key that does the same. */
  readonly keys?: string;
  readonly children: ReactNode;
}

type ButtonProps = Look & Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'children'> & { readonly ref?: Ref<HTMLButtonElement> };

export function Button({ kind = 'normal', icon, keys, children, className, ...rest }: ButtonProps) {
  return (
    <button type="button" {...rest} className={classNames(classes['button'], classes[kind], className)}>
      {icon && <Icon name={icon} />}
      {children}
      {keys && <kbd className={classes['keys']}>{keys}</kbd>}
    </button>
  );
}

function Anchor({ kind = 'normal', icon, keys, children, className, ...rest }: Look & AnchorHTMLAttributes<HTMLAnchorElement>) {
  return (
    <a {...rest} className={classNames(classes['button'], classes[kind], className)}>
      {icon && <Icon name={icon} />}
      {children}
      {keys && <kbd className={classes['keys']}>{keys}</kbd>}
    </a>
  );
}

/** A link that looks like a button: for going somewhere. */
export const LinkButton = createLink(Anchor);

type IconButtonProps = Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'children'> & {
  readonly icon: IconName;
  /** What it does, for the tooltip and for those who do not see it. */
  readonly label: string;
  readonly ref?: Ref<HTMLButtonElement>;
};

export function IconButton({ icon, label, className, ...rest }: IconButtonProps) {
  return (
    <button type="button" title={label} aria-label={label} {...rest} className={classNames(classes['iconButton'], className)}>
      <Icon name={icon} />
    </button>
  );
}
