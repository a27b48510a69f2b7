import { useSyncExternalStore } from 'react';
import { ApiError } from '../api/api-error.ts';
import { IconButton } from './button.tsx';
import { Icon } from './icon.tsx';
import classes from './toast.module.css';

interface Toast {
  readonly id: number;
  readonly kind: 'done' | 'failed';
  readonly text: string;
  readonly detail?: string | undefined;
}

const SHOWN_MS = 5_000;
/** Errors stay until they are closed, but no more than these. */
const MAX_TOASTS = 4;
const listeners = new Set<() => void>();
let toasts: readonly Toast[] = [];
let nextId = 1;

function set(next: readonly Toast[]): void {
  toasts = next.slice(-MAX_TOASTS);
  for (const listener of listeners) listener();
}

const dismiss = (id: number): void => set(toasts.filter((toast) => toast.id !== id));

/** Says in a corner that something was done. */
export function tellDone(text: string): void {
  const id = nextId++;
  set([...toasts, { id, kind: 'done', text }]);
  setTimeout(() => dismiss(id), SHOWN_MS);
}

/** Says that something could not be done, and why; stays until it is closed. */
export function tellError(text: string, error: unknown): void {
  const reason = error instanceof ApiError ? [error.message, error.hint].filter(Boolean).join(' ') : String(error);
  set([...toasts, { id: nextId++, kind: 'failed', text, detail: reason }]);
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Drawn once, by the shell. */
export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts);
  return (
    <div className={classes['toasts']} role="status" aria-live="polite">
      {shown.map(({ id, kind, text, detail }) => (
        <div key={id} className={classes['toast']}>
          <span className={classes[kind]}>
            <Icon name={kind === 'done' ? 'check' : 'warning'} />
          </span>
          <div className={classes['text']}>
            <div>{text}</div>
            {detail && <div className="muted">{detail}</div>}
          </div>
          <IconButton icon="close" label="Dismiss" onClick={() => dismiss(id)} />
        </div>
      ))}
    </div>
  );
}
