import type { Native } from '../api/operations.ts';
import { PLAIN, parseAnsi } from '../log/ansi.ts';
import { useMay } from '../api/session.ts';
import { LinkButton } from '../ui/button.tsx';
import { StateIcon } from '../ui/state.tsx';
import { useRunSearch } from './run-search.ts';
import type { Run } from './use-run.ts';
import classes from './run.module.css';

/** Lines of the log that are shown with the cause. */
const LINES = 8;

/** Why the run failed, without a click: the task, what it said, what to do, and the end of its log. */
export function CauseBanner({ cause, run }: { readonly cause: Native<'FailureCause'>; readonly run: Run }) {
  const [, change] = useRunSearch();
  const may = useMay();
  const runId = run.view?.run?.run_id ?? '';
  const lines = tail(cause.log_tail ?? '', LINES);
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
        <p>{message}</p>
        {hint && <p className="muted">{hint}</p>}
        {lines.length > 0 && (
          <pre className={classes['causeLog']} aria-label="The end of its log" tabIndex={0}>
            {lines.map((line, index) => (
              <span key={index}>
                {line}
                {'\n'}
              </span>
            ))}
          </pre>
        )}
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
      </div>
    </section>
  );
}

export function tail(log: string, count: number): readonly string[] {
  const lines = log.trimEnd().split('\n').slice(-count);
  return lines.length === 1 && lines[0] === ''
    ? []
    : lines.map((line) =>
        parseAnsi(line, PLAIN)
          .spans.map(({ text }) => text)
          .join(''),
      );
}
