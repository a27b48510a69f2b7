import { formatNumber } from '../artifact/axis.ts';
import { classNames } from '../ui/class-names.ts';
import { Badge } from '../ui/badge.tsx';
import { Panel } from '../ui/panel.tsx';
import { CompareHead } from './compare-head.tsx';
import { changes, type Comparison, differencesFirst, formatChange, greatest, type Row } from './comparison-model.ts';
import classes from './compare.module.css';

interface CompareRowsProps {
  readonly comparison: Comparison;
  readonly title: string;
  readonly rows: readonly Row[];
  readonly isAll: boolean;
  /** Numbers are compared with the first run, and the greatest stands out. */
  readonly isMetric?: boolean;
  readonly onRemove: (runId: string) => void;
}

/** Values of the runs by name. */
export function CompareRows({ comparison, title, rows, isAll, isMetric = false, onRemove }: CompareRowsProps) {
  const shown = differencesFirst(rows, isAll);
  const different = rows.filter((row) => row.is_different).length;
  return (
    <Panel title={title} actions={<Badge>{different === 0 ? 'no differences' : `${different} of ${rows.length} differ`}</Badge>}>
      {shown.length === 0 ? (
        <p className="muted">
          {rows.length === 0 ? `These runs have no ${title.toLowerCase()}.` : `All ${title.toLowerCase()} are the same.`}
        </p>
      ) : (
        <div className={classes['scroll']} tabIndex={0} role="region" aria-label={title}>
          <table className={classes['table']}>
            <CompareHead comparison={comparison} label={title} onRemove={onRemove} />
            <tbody>
              {shown.map((row) => (
                <ValueRow key={row.name} row={row} isMetric={isMetric} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}

function ValueRow({ row, isMetric }: { readonly row: Row; readonly isMetric: boolean }) {
  const values = row.values ?? [];
  const best = isMetric ? greatest(values) : new Set<number>();
  const change = isMetric ? changes(values) : [];
  const most = isMetric ? Math.max(...values.map((value) => (typeof value === 'number' ? Math.abs(value) : 0))) : 0;
  return (
    <tr className={classNames(row.is_different && classes['isDifferent'])}>
      <th scope="row" className={classes['name']} title={row.name}>
        {row.name}
      </th>
      {values.map((value, at) => (
        <td key={at} className={classNames(best.has(at) && classes['isBest'])}>
          <Cell value={value} />
          {change[at] !== undefined && <span className={classes['change']}>{formatChange(change[at]!)}</span>}
          {isMetric && typeof value === 'number' && most > 0 && (
            <i className={classes['size']} style={{ width: `${(Math.abs(value) / most) * 100}%` }} />
          )}
        </td>
      ))}
    </tr>
  );
}

function Cell({ value }: { readonly value: unknown }) {
  if (value === null || value === undefined) return <span className="muted">–</span>;
  if (typeof value === 'number') return <span title={String(value)}>{formatNumber(value)}</span>;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return (
    <code className={classes['value']} title={text}>
      {text === '' ? '""' : text}
    </code>
  );
}
