import { useMemo } from 'react';
import { formatExact } from '../base/format.ts';
import { Empty } from '../ui/feedback.tsx';
import { StateIcon } from '../ui/state.tsx';
import type { Task } from './run-tasks.ts';
import { ofTask, useRunSearch } from './run-search.ts';
import { type Run, type RunView, useTasksVersion } from './use-run.ts';
import classes from './run.module.css';

export interface RunEvent {
  readonly at: string;
  readonly state: string;
  readonly text: string;
  /** Of a task. */
  readonly path?: string;
}

const MAX_SHOWN = 1_000;

/** What happened, the latest first. */
export function RunEvents({ run }: { readonly run: Run }) {
  const version = useTasksVersion(run.tasks, 500);
  const [, change] = useRunSearch();
  const events = useMemo(() => eventsOf(run.view, run.tasks.list()), [run.view, run.tasks, version]);
  if (events.length === 0) return <Empty icon="clock" title="Nothing has happened yet" />;
  return (
    <div className={classes['scrolling']}>
      <ol className={classes['events']} aria-label="Events, the latest first">
        {events.slice(0, MAX_SHOWN).map((event, index) => (
          <li key={`${event.at} ${index}`}>
            <StateIcon state={event.state} />
            <time dateTime={event.at} title={formatExact(Date.parse(event.at))}>
              {new Date(event.at).toLocaleTimeString(undefined, { hour12: false })}
            </time>
            {event.path === undefined ? (
              <span>{event.text}</span>
            ) : (
              <button type="button" className={classes['link']} onClick={() => change(ofTask(event.path))}>
                {event.text}
              </button>
            )}
          </li>
        ))}
      </ol>
      {events.length > MAX_SHOWN && (
        <p className="muted">
          The latest {MAX_SHOWN} of {events.length} are shown.
        </p>
      )}
    </div>
  );
}

/** Changes of the run's state, and starts and ends of its tasks, the latest first. */
export function eventsOf(view: Pick<RunView, 'state_history'> | undefined, tasks: readonly Task[]): readonly RunEvent[] {
  const ofRun = (view?.state_history ?? []).map(({ at = '', state = '' }): RunEvent => ({
    at,
    state,
    text: `The run is ${state.toLowerCase()}`,
  }));
  const ofTasks = tasks.flatMap((task): RunEvent[] => {
    const { path = '', state = '', start_time, end_time, error, attempt_count = 0 } = task;
    const name = path.slice(1);
    const ended = [
      `${name} ${state.toLowerCase()}`,
      attempt_count > 1 && `at attempt ${attempt_count}`,
      error?.message && `: ${error.message}`,
    ]
      .filter(Boolean)
      .join(' ')
      .replace(' :', ':');
    return [
      ...(start_time === undefined ? [] : [{ at: start_time, state: 'RUNNING', text: `${name} started`, path }]),
      ...(end_time === undefined ? [] : [{ at: end_time, state, text: ended, path }]),
    ];
  });
  return [...ofRun, ...ofTasks].sort((one, other) => (one.at < other.at ? 1 : one.at > other.at ? -1 : 0));
}
