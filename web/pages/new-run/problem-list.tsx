import type { Native } from '../../api/operations.ts';
import { Icon } from '../../ui/icon.tsx';
import classes from './problem-list.module.css';

/** Everything that is wrong with a pipeline file, with its place and what to do. */
export function ProblemList({ problems }: { readonly problems: readonly Native<'Problem'>[] }) {
  return (
    <div role="alert">
      <ul aria-label="Problems of the file" className={classes['list']}>
        {problems.map(({ path, message, hint, line, severity }) => (
          <li key={`${path} ${message}`}>
            <span className={severity === 'warning' ? classes['warning'] : classes['error']}>
              <Icon name="warning" />
            </span>
            <div>
              <p>{message}</p>
              <p className={classes['place']}>
                <code>{path}</code>
                {line !== undefined && `, line ${line}`}
              </p>
              {hint && <p className="muted">{hint}</p>}
            </div>
          </li>
        ))}
      </ul>
    </div>
  );
}
