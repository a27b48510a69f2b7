import { useMemo, useState } from 'react';
import { formatCount } from '../base/format.ts';
import { formatNumber } from './axis.ts';
import { columnStatistics, type Cell, type ColumnStatistics, type TableData } from './column-statistics.ts';
import classes from './table-view.module.css';

const FIRST_ROWS = 50;

/** The first rows of a table, each column with what is in it. */
export function TableView({ table }: { readonly table: TableData }) {
  const [isAll, setAll] = useState(false);
  const columns = useMemo(() => table.header.map((_, at) => columnStatistics(table.rows.map((row) => row[at]))), [table]);
  const rows = isAll ? table.rows : table.rows.slice(0, FIRST_ROWS);
  return (
    <div>
      <p className={classes['count']}>
        {table.rowCount === undefined
          ? `The first ${formatCount(table.rows.length)} rows`
          : `${formatCount(table.rowCount)} rows`}
        , {formatCount(table.header.length)} columns
        {table.isCut && <span className="muted"> · statistics are of the first {formatCount(table.rows.length)} rows</span>}
      </p>
      <div className={classes['scroll']} tabIndex={0} role="region" aria-label="Table">
        <table className={classes['table']}>
          <thead>
            <tr>
              {table.header.map((name, at) => (
                <th key={at} scope="col">
                  <span className={classes['name']} title={name}>
                    {name}
                  </span>
                  <Statistics of={columns[at]!} count={table.rows.length} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              <tr key={index}>
                {table.header.map((_, at) => (
                  <td
                    key={at}
                    className={columns[at]!.kind === 'number' ? classes['number'] : undefined}
                    title={titleOf(row[at])}
                  >
                    {row[at] === null || row[at] === undefined ? <span className="muted">–</span> : String(row[at])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length < table.rows.length && (
        <button type="button" className={classes['more']} onClick={() => setAll(true)}>
          Show {formatCount(table.rows.length)} rows
        </button>
      )}
    </div>
  );
}

const titleOf = (cell: Cell): string | undefined => (typeof cell === 'string' && cell.length > 24 ? cell : undefined);

function Statistics({ of, count }: { readonly of: ColumnStatistics; readonly count: number }) {
  const missing = of.missing > 0 && (
    <span className={classes['missing']}>{Math.round((of.missing / Math.max(1, count)) * 100)} % missing</span>
  );
  if (of.kind === 'empty') return <span className={classes['facts']}>empty</span>;
  if (of.kind === 'text') {
    return (
      <span className={classes['facts']}>
        <span className={classes['shares']} aria-hidden="true">
          {of.top.map(({ value, count: times }) => (
            <i key={value} title={`${value}: ${times}`} style={{ width: `${(times / Math.max(1, count)) * 100}%` }} />
          ))}
        </span>
        <span title={of.top.map(({ value, count: times }) => `${value}: ${times}`).join('\n')}>
          {of.distinct === count ? 'all different' : `${formatCount(of.distinct)} different`}
        </span>
        {missing}
      </span>
    );
  }
  return (
    <span className={classes['facts']}>
      <Histogram bins={of.histogram} />
      <span title={`mean ${formatNumber(of.mean)}, deviation ${formatNumber(of.deviation)}`}>
        {formatNumber(of.least)} – {formatNumber(of.most)}
      </span>
      {missing}
    </span>
  );
}

function Histogram({ bins }: { readonly bins: readonly number[] }) {
  const most = Math.max(...bins, 1);
  return (
    <svg className={classes['histogram']} viewBox={`0 0 ${bins.length * 6} 24`} preserveAspectRatio="none" aria-hidden="true">
      {bins.map((count, at) => {
        const height = count === 0 ? 0 : Math.max(1.5, (count / most) * 24);
        return <rect key={at} x={at * 6} y={24 - height} width={5} height={height} />;
      })}
    </svg>
  );
}
