import type { Native } from '../api/operations.ts';
import { useMay } from '../api/session.ts';
import { LinkButton } from '../ui/button.tsx';
import { StateIcon } from '../ui/state.tsx';
import { headline, lastLines } from './failure-text.ts';
import { useRunSearch } from './run-search.ts';
import type { Run } from './use-run.ts';
import classes from './run.module.css';

/** Lines of the log that are shown with the cause. */
const LINES = 10;

/** Why the run failed, without a click: the task, what it said, what to do, and the end of its log. */
export function CauseBanner({ cause, run }: { readonly cause: Native<'FailureCause'>; readonly run: Run }) {
  const [search, change] = useRunSearch();
  // With a task open its panel says more.
  const isCompact = search.task !== undefined;
  const may = useMay();
  const runId = run.view?.run?.run_id ?? '';
  const lines = lastLines(cause.log_tail ?? '', LINES);
  const { message = 'It failed without a message.', hint, cause: kind } = cause.error ?? {};
  const open = (tab: string) => () => change({ task: cause.path ?? '', tab, attempt: undefined, at: undefined });
  return (
    <section aria-label="Why the run failed" className={classes['cause']}>
      <StateIcon state="FAILED" size={16} />
      <div className={classes['causeText']}>
        <h2>
          <button type="button" className={classes['causeTask']} onClick={open('overview')}>
            {cause.display_name}
          </button>{' '}
          failed{(cause.attempt ?? 0) > 0 && ` at attempt ${cause.attempt! + 1}`}
          {kind && <span className="muted"> · {kind.toLowerCase().replaceAll('_', ' ')}</span>}
        </h2>
        <p className={classes['headline']}>{headline(message)}</p>
        {hint && <p className="muted">{hint}</p>}
        {!isCompact && lines.length > 0 && (
          <pre className={classes['causeLog']} aria-label="The end of its log" tabIndex={0}>
            {lines.map((line, index) => (
              <span key={index}>
                {line}
                {'\n'}
              </span>
            ))}
          </pre>
        )}
        {!isCompact && (
          <div className={classes['causeActions']}>
            <button type="button" onClick={open('logs')}>
              Whole log
            </button>
            {may('Run_Clone') && (
              <LinkButton to="/runs/new" search={{ clone: runId }} icon="clone">
                Run again with other parameters
              </LinkButton>
            )}
          </div>
        )}
      </div>
    </section>
  );
}
