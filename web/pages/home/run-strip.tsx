import { Link } from '@tanstack/react-router';
import type { RunSummary } from '../../api/run-list.ts';
import { formatDuration, formatExact } from '../../base/format.ts';
import { stateColor, stateLabel } from '../../ui/state.tsx';
import classes from './run-strip.module.css';

/** Fewer where there is less room: a bar stays wide enough to be hit. */
const SHOWN = 36;
const MIN_HEIGHT = 0.12;

/** The last runs as bars, the newest to the right: colour is the state, height the duration. Each leads to its run. */
export function RunStrip({ runs, isPending = false }: { readonly runs: readonly RunSummary[]; readonly isPending?: boolean }) {
  const shown = runs.slice(0, SHOWN).toReversed();
  const longest = Math.max(1, ...shown.map(durationOf));
  return (
    <figure className={classes['strip']}>
      <ol className={classes['bars']} aria-label="Last runs" aria-busy={isPending}>
        {/* So that a few runs stand where many will. */}
        {Array.from({ length: SHOWN - shown.length }, (_, index) => (
          <li key={index} aria-hidden="true" className={classes['none']} />
        ))}
        {shown.map((run) => (
          <li key={run.run_id}>
            <Link
              to="/runs/$runId"
              params={{ runId: run.run_id ?? '' }}
              className={classes['bar']}
              title={titleOf(run)}
              aria-label={titleOf(run)}
            >
              <span
                style={{
                  height: `${100 * Math.max(MIN_HEIGHT, Math.sqrt(durationOf(run) / longest))}%`,
                  background: stateColor(run.state),
                }}
              />
            </Link>
          </li>
        ))}
      </ol>
    </figure>
  );
}

function durationOf({ started_at, ended_at }: RunSummary): number {
  return started_at === undefined || ended_at === undefined ? 0 : Date.parse(ended_at) - Date.parse(started_at);
}

function titleOf(run: RunSummary): string {
  const duration = run.ended_at === undefined ? '' : `, ${formatDuration(durationOf(run))}`;
  const created = run.created_at === undefined ? '' : `, ${formatExact(Date.parse(run.created_at))}`;
  return `${run.display_name}: ${stateLabel(run.state)}${duration}${created}`;
}
