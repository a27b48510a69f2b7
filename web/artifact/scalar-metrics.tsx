import { formatNumber } from './axis.ts';
import classes from './artifact.module.css';

interface ScalarMetricsProps {
  readonly scalars: readonly { readonly name: string; readonly value: string | number | boolean }[];
}

/** Single values, large enough to be read at a glance. */
export function ScalarMetrics({ scalars }: ScalarMetricsProps) {
  if (scalars.length === 0) return <p className="muted">No metrics were logged.</p>;
  return (
    <dl className={classes['metrics']}>
      {scalars.map(({ name, value }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd title={String(value)}>{typeof value === 'number' ? formatNumber(value) : String(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
