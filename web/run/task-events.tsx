import type { Native } from '../api/operations.ts';
import { formatExact } from '../base/format.ts';
import classes from './task-panel.module.css';

/** What happened to a task, the latest first. */
export function TaskEvents({ detail: { events = [] } }: { readonly detail: Native<'TaskDetail'> }) {
  if (events.length === 0) return <p className="muted">Nothing has happened to it yet.</p>;
  return (
    <ol className={classes['eventList']} aria-label="Events, the latest first">
      {events.toReversed().map(({ at = '', kind, attempt, message }, index) => (
        <li key={index}>
          <time dateTime={at} title={formatExact(Date.parse(at))}>
            {new Date(at).toLocaleTimeString(undefined, { hour12: false })}
          </time>
          <span>
            <strong>{(kind ?? '').toLowerCase().replaceAll('_', ' ')}</strong>
            {attempt !== undefined && attempt > 0 && <span className="muted"> attempt {attempt + 1}</span>}
            {message && <span className={classes['message']}>{message}</span>}
          </span>
        </li>
      ))}
    </ol>
  );
}
