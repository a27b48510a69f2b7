import { Link } from '@tanstack/react-router';
import { formatDuration } from '../base/format.ts';
import { classNames } from '../ui/class-names.ts';
import { State } from '../ui/state.tsx';
import { CompareHead } from './compare-head.tsx';
import { type Comparison, differencesFirst } from './comparison-model.ts';
import classes from './compare.module.css';

const MAX_ROWS = 500;

interface CompareTasksProps {
  readonly comparison: Comparison;
  readonly isAll: boolean;
  readonly onRemove: (runId: string) => void;
}

/** What became of each task in each run, and how long it took. */
export function CompareTasks({ comparison, isAll, onRemove }: CompareTasksProps) {
  const rows = differencesFirst(comparison.tasks ?? [], isAll);
  const runs = comparison.runs ?? [];
  if (rows.length === 0) return <p className="muted">In all runs the tasks ended alike.</p>;
  return (
    <>
      <div className={classes['scroll']} tabIndex={0} role="region" aria-label="Tasks">
        <table className={classes['table']}>
          <CompareHead comparison={comparison} label="Tasks" onRemove={onRemove} />
          <tbody>
            {rows.slice(0, MAX_ROWS).map((task) => (
              <tr key={task.path} className={classNames(task.is_different && classes['isDifferent'])}>
                <th scope="row" className={classes['name']} title={task.path}>
                  {task.path?.slice(1)}
                </th>
                {runs.map((run, at) => {
                  const state = task.states?.[at] ?? '';
                  const duration = task.duration_ms?.[at];
                  return (
                    <td key={run.run_id}>
                      {state === '' ? (
                        <span className="muted">–</span>
                      ) : (
                        <Link
                          to="/runs/$runId"
                          params={{ runId: run.run_id ?? '' }}
                          search={{ task: task.path }}
                          className={classes['taskLink']}
                        >
                          <State state={state} />
                          {typeof duration === 'number' && <span className="muted">{formatDuration(duration)}</span>}
                        </Link>
                      )}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > MAX_ROWS && (
        <p className="muted">
          The first {MAX_ROWS} of {rows.length} tasks are shown.
        </p>
      )}
    </>
  );
}
