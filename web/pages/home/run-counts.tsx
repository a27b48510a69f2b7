import { Link } from '@tanstack/react-router';
import { UNFINISHED } from '../../api/run-list-input.ts';
import { formatCount } from '../../base/format.ts';
import { Skeleton } from '../../ui/feedback.tsx';
import { StateIcon } from '../../ui/state.tsx';
import classes from './run-counts.module.css';

type Counts = Readonly<Record<string, number>>;

const TILES = [
  { title: 'Running', icon: 'RUNNING', states: UNFINISHED },
  { title: 'Succeeded', icon: 'SUCCEEDED', states: 'SUCCEEDED' },
  { title: 'Failed', icon: 'FAILED', states: 'FAILED' },
  { title: 'Canceled', icon: 'CANCELED', states: 'CANCELED' },
] as const;

/** How many runs there are in which state; each number leads to them. */
export function RunCounts({ counts }: { readonly counts: Counts | undefined }) {
  return (
    <ul className={classes['tiles']} aria-label="Runs by state">
      {TILES.map(({ title, icon, states }) => {
        const count = counts && states.split(',').reduce((sum, state) => sum + (counts[state] ?? 0), 0);
        return (
          <li key={title}>
            <Link to="/runs" search={{ state: states }} className={classes['tile']}>
              <span className={classes['title']}>
                {/* Nothing turns when nothing runs. */}
                <StateIcon state={icon === 'RUNNING' && !count ? 'SKIPPED' : icon} />
                {title}
              </span>
              <span className={classes['count']}>
                {count === undefined ? <Skeleton width={36} height={18} /> : formatCount(count)}
              </span>
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
