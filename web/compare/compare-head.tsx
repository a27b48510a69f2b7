import { Link } from '@tanstack/react-router';
import { IconButton } from '../ui/button.tsx';
import { State } from '../ui/state.tsx';
import { Duration, Time } from '../ui/time.tsx';
import type { Comparison } from './comparison-model.ts';
import classes from './compare.module.css';

/** The runs that are compared, one column each. */
export function CompareHead({
  comparison,
  label,
  onRemove,
}: {
  readonly comparison: Comparison;
  readonly label: string;
  readonly onRemove: (runId: string) => void;
}) {
  const runs = comparison.runs ?? [];
  return (
    <thead>
      <tr>
        <th scope="col" className={classes['name']}>
          {label}
        </th>
        {runs.map((run) => (
          <th key={run.run_id} scope="col">
            <span className={classes['runHead']}>
              <Link to="/runs/$runId" params={{ runId: run.run_id ?? '' }} className="truncate" title={run.display_name}>
                {run.display_name}
              </Link>
              {runs.length > 2 && (
                <IconButton icon="close" label={`Leave out ${run.display_name}`} onClick={() => onRemove(run.run_id ?? '')} />
              )}
            </span>
            <span className={classes['runFacts']}>
              <State state={run.state} />
              <Duration from={run.started_at} to={run.ended_at} />
              <Time at={run.created_at} />
            </span>
          </th>
        ))}
      </tr>
    </thead>
  );
}
