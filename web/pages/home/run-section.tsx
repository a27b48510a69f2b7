import { Link } from '@tanstack/react-router';
import type { RunFilters } from '../../api/run-list-input.ts';
import type { RunSummary } from '../../api/run-list.ts';
import { formatCount } from '../../base/format.ts';
import { headline } from '../../run/failure-text.ts';
import { Panel } from '../../ui/panel.tsx';
import { State } from '../../ui/state.tsx';
import { Duration, Time } from '../../ui/time.tsx';
import classes from './run-section.module.css';

interface RunSectionProps {
  readonly title: string;
  readonly runs: readonly RunSummary[];
  /** So many are not shown. */
  readonly more: number;
  /** The list with all of them. */
  readonly search: RunFilters;
  readonly empty: string;
  /** Says under each run why it failed. */
  readonly hasErrors?: boolean;
}

export function RunSection({ title, runs, more, search, empty, hasErrors = false }: RunSectionProps) {
  const all = (
    <Link to="/runs" search={search} className={classes['all']}>
      {more > 0 ? `${formatCount(more)} more` : 'Show all'}
    </Link>
  );
  return (
    <Panel title={title} actions={runs.length > 0 && all}>
      {runs.length === 0 && <p className={classes['empty']}>{empty}</p>}
      {runs.length > 0 && (
        <ul className={classes['list']}>
          {runs.map((run) => (
            <li key={run.run_id}>
              <Link to="/runs/$runId" params={{ runId: run.run_id ?? '' }} className={classes['row']}>
                <State state={run.state} isIconOnly />
                <span className={classes['name']}>
                  <span className={classes['title']}>{run.display_name}</span>
                  {hasErrors && run.error?.message && <span className={classes['error']}>{headline(run.error.message)}</span>}
                </span>
                <span className={classes['pipeline']}>{run.pipeline_display_name || run.pipeline_name}</span>
                <span className={classes['number']}>
                  <Duration from={run.started_at} to={run.ended_at} />
                </span>
                <span className={classes['time']}>
                  <Time at={run.ended_at ?? run.created_at} />
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
