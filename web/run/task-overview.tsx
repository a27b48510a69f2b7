import { Link } from '@tanstack/react-router';
import type { Native } from '../api/operations.ts';
import { formatDuration } from '../base/format.ts';
import { readableCondition } from '../graph/readable-condition.ts';
import { TallyBar, tallyText } from '../graph/tally-bar.tsx';
import { Notice } from '../ui/feedback.tsx';
import { Facts, Panel } from '../ui/panel.tsx';
import { Time } from '../ui/time.tsx';
import { acceleratorsText } from './accelerators-text.ts';
import { headline } from './failure-text.ts';
import { isGroup, type Task } from './run-tasks.ts';
import type { Run } from './use-run.ts';
import { TaskResources } from './task-resources.tsx';
import { Value, Values } from './values.tsx';
import classes from './task-panel.module.css';

interface TaskOverviewProps {
  readonly run: Run;
  readonly detail: Native<'TaskDetail'>;
  /** The task as the events tell it: its state may be newer than the detail. */
  readonly live: Task;
  readonly planned: Native<'GraphTask'> | undefined;
}

/** States of which the reason is told; why something was not taken from the cache is told there. */
const EXPLAINED = new Set(['PENDING', 'RUNNING', 'SKIPPED', 'CANCELED']);

/** What became of a task, what it read, wrote and used, and why it was cached or not. */
export function TaskOverview({ run, detail, live, planned }: TaskOverviewProps) {
  const { task, attempts = [] } = detail;
  const error = live.error ?? task?.error;
  const status = run.tasks.statusOf(live.path ?? '');
  return (
    <>
      {error && live.state === 'FAILED' && (
        <Notice kind="failed">
          <p>{headline(error.message ?? '')}</p>
          {(error.message ?? '').trim().includes('\n') && (
            <pre className={classes['message']} tabIndex={0} aria-label="The whole message">
              {error.message}
            </pre>
          )}
          {error.hint && <p className="muted">{error.hint}</p>}
        </Notice>
      )}
      {live.state_reason && EXPLAINED.has(live.state ?? 'PENDING') && <Notice>{live.state_reason}</Notice>}
      {isGroup(live) && status.tally && (
        <div className={classes['tally']}>
          <TallyBar tally={status.tally} total={status.total} />
          <span>{tallyText(status.tally, status.total)}</span>
        </div>
      )}
      <Panel title="Inputs">
        <Values values={task?.inputs} empty="It reads nothing." />
      </Panel>
      <Panel title="Outputs">
        <Values
          values={task?.outputs}
          empty={live.end_time === undefined ? 'Nothing has been written yet.' : 'It wrote nothing.'}
        />
      </Panel>
      {!isGroup(live) && <Cache cache={detail.cache} />}
      {live.kind === 'container' && <TaskResources task={live} attempts={attempts} />}
      <Panel title="Details">
        <Facts
          rows={[
            ['Path', <code key="path">{live.path}</code>],
            ['Condition', planned?.condition && <code key="if">{readableCondition(planned.condition)}</code>],
            ['Started', live.start_time && <Time at={live.start_time} />],
            ['Ended', live.end_time && <Time at={live.end_time} />],
            ['Waited', waited(live)],
            ['Attempts', live.attempt_count],
            ['Node', task?.placement?.node],
            ['Accelerators', acceleratorsText(task?.placement)],
            ['Parallel iterations', planned?.parallelism ? `at most ${planned.parallelism}` : undefined],
          ]}
        />
      </Panel>
    </>
  );
}

function waited({ create_time, start_time }: Task): string | undefined {
  if (create_time === undefined || start_time === undefined) return undefined;
  const ms = Date.parse(start_time) - Date.parse(create_time);
  return ms > 0 ? formatDuration(ms) : undefined;
}

const RESULTS: Readonly<Record<string, string>> = {
  HIT: 'Taken from the cache',
  MISS: 'Not taken from the cache',
  OFF: 'The cache was not used',
};

function Cache({ cache }: { readonly cache: Native<'CacheExplanation'> | undefined }) {
  if (cache?.result === undefined) return null;
  return (
    <Panel title="Cache">
      <p>
        {RESULTS[cache.result] ?? cache.result}
        {cache.reason && <span className="muted">: {cache.reason}</span>}
      </p>
      {cache.from_run_id && (
        <p>
          <Link className={classes['link']} to="/runs/$runId" params={{ runId: cache.from_run_id }}>
            The run it was taken from
          </Link>
        </p>
      )}
      {(cache.differences ?? []).length > 0 && (
        <table className={classes['differences']} aria-label="What differs from the last execution">
          <thead>
            <tr>
              <th scope="col">Differs</th>
              <th scope="col">Before</th>
              <th scope="col">Now</th>
            </tr>
          </thead>
          <tbody>
            {cache.differences!.map(({ what, before, now }) => (
              <tr key={what}>
                <th scope="row">{what}</th>
                <td>
                  <Value value={before} />
                </td>
                <td>
                  <Value value={now} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {cache.fingerprint && (
        <p className="muted">
          Fingerprint <code>{cache.fingerprint.slice(0, 16)}</code>
        </p>
      )}
    </Panel>
  );
}
