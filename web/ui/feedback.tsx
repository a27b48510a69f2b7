import type { ReactNode } from 'react';
import { ApiError } from '../api/api-error.ts';
import { Button } from './button.tsx';
import { classNames } from './class-names.ts';
import { Icon, type IconName } from './icon.tsx';
import classes from './feedback.module.css';

interface EmptyProps {
  readonly icon: IconName;
  readonly title: string;
  /** Why it is empty, and what to do. */
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}

/** Where there is nothing yet: says what would be here. */
export function Empty({ icon, title, children, actions }: EmptyProps) {
  return (
    <div className={classes['empty']}>
      <span className={classes['emblem']}>
        <Icon name={icon} size={20} />
      </span>
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {actions && <div className={classes['actions']}>{actions}</div>}
    </div>
  );
}

/** What the server refused or could not do, with its hint and its problems. */
export function ErrorMessage({
  error,
  retry,
  title,
}: {
  readonly error: Error;
  readonly retry?: () => void;
  readonly title?: string;
}) {
  const { hint, problems } = error instanceof ApiError ? error : { hint: undefined, problems: [] };
  return (
    <div role="alert" className={classes['error']}>
      <Icon name="warning" />
      <div className={classes['errorText']}>
        {title && <strong>{title}</strong>}
        <p>{error.message}</p>
        {problems.length > 0 && (
          <ul>
            {problems.map(({ path, message, hint: how, line }) => (
              <li key={`${path} ${message}`}>
                <code>{path}</code>
                {line !== undefined && <span className="muted"> line {line}</span>}: {message}
                {how && <span className="muted"> {how}</span>}
              </li>
            ))}
          </ul>
        )}
        {hint && <p className="muted">{hint}</p>}
      </div>
      {retry && (
        <Button onClick={retry} icon="retry">
          Try again
        </Button>
      )}
    </div>
  );
}

/** The place of text that is being loaded; as wide as the text will be. */
export function Skeleton({ width = '100%', height }: { readonly width?: number | string; readonly height?: number | string }) {
  return <span className={classes['skeleton']} style={{ width, height }} aria-hidden="true" />;
}

/** Rows of a table or list that is being loaded. */
export function SkeletonRows({ count = 8, label = 'Loading' }: { readonly count?: number; readonly label?: string }) {
  return (
    <div role="status" aria-label={label} className={classes['rows']}>
      {Array.from({ length: count }, (_, index) => (
        <div key={index} className={classes['row']}>
          <Skeleton width={14} height={14} />
          <Skeleton width={`${34 - ((index * 7) % 17)}%`} />
          <Skeleton width={`${14 + ((index * 5) % 9)}%`} />
          <Skeleton width="8%" />
        </div>
      ))}
    </div>
  );
}

/** A remark inside a page. */
export function Notice({
  kind = 'info',
  children,
}: {
  readonly kind?: 'info' | 'warning' | 'failed';
  readonly children: ReactNode;
}) {
  return (
    <div className={classNames(classes['notice'], classes[kind])} role="note">
      <Icon name={kind === 'info' ? 'info' : 'warning'} />
      <div>{children}</div>
    </div>
  );
}
