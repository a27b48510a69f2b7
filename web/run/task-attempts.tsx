import type { Native } from '../api/operations.ts';
import { formatBytes, formatDuration, formatMemory } from '../base/format.ts';
import { Button } from '../ui/button.tsx';
import { Facts } from '../ui/panel.tsx';
import { State } from '../ui/state.tsx';
import { Duration, Time } from '../ui/time.tsx';
import { acceleratorsText } from './accelerators-text.ts';
import { coresText } from './step-use.ts';
import classes from './task-panel.module.css';

/** Every try of a step, the latest first. */
export function TaskAttempts({
  detail: { attempts = [] },
  onLog,
}: {
  readonly detail: Native<'TaskDetail'>;
  readonly onLog: (attempt: number) => void;
}) {
  if (attempts.length === 0)
    return <p className="muted">It has not been tried: it was skipped, taken from the cache, or waits.</p>;
  return (
    <ol className={classes['attemptList']} reversed>
      {attempts.toReversed().map((attempt) => (
        <li key={attempt.attempt ?? 0}>
          <div className={classes['attemptHead']}>
            <strong>Attempt {(attempt.attempt ?? 0) + 1}</strong>
            <State state={attempt.state} />
            <span className={classes['spacer']} />
            <Button icon="logs" onClick={() => onLog(attempt.attempt ?? 0)}>
              Log
            </Button>
          </div>
          {attempt.error && <p>{attempt.error.message}</p>}
          {attempt.error?.hint && <p className="muted">{attempt.error.hint}</p>}
          <Facts
            rows={[
              ['Launched', <Time key="l" at={attempt.launched_at} />],
              ['Ran', attempt.started_at && <Duration from={attempt.started_at} to={attempt.ended_at} />],
              ['Exit code', attempt.error?.code],
              ['Node', attempt.placement?.node],
              ['Accelerators', acceleratorsText(attempt.placement)],
              ['Processor time', attempt.cpu_ms && formatDuration(Number(attempt.cpu_ms))],
              ['Cores, on average', coresText(attempt)],
              ['Most memory', attempt.peak_memory_bytes && formatMemory(Number(attempt.peak_memory_bytes))],
              ['Log', attempt.log_bytes && formatBytes(Number(attempt.log_bytes))],
            ]}
          />
        </li>
      ))}
    </ol>
  );
}
