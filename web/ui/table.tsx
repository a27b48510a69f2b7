import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import classes from './table.module.css';

export interface Column<Row> {
  /** Shown in the head; empty for a column of buttons, which then needs `label`. */
  readonly title: string;
  readonly label?: string;
  readonly cell: (row: Row) => ReactNode;
  /** `number`: to the right. `fit`: as narrow as its content. `main`: takes what is left. Default: natural. */
  readonly kind?: 'number' | 'fit' | 'main';
  /** Left out on a narrow screen. */
  readonly isSecondary?: boolean;
}

interface TableProps<Row> {
  /** What the table lists, for those who do not see the heading. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
}

/** A table of up to some hundred rows. Longer lists are virtual: VirtualRows. */
export function Table<Row>({ label, columns, rows, rowKey }: TableProps<Row>) {
  return (
    <div className={classes['scroll']}>
      <table className={classes['table']} aria-label={label}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.title || column.label} scope="col" className={cellClass(column)}>
                {column.title || <span className="visually-hidden">{column.label}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map((column) => (
                <td key={column.title || column.label} className={cellClass(column)}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function cellClass({ kind, isSecondary }: Pick<Column<never>, 'kind' | 'isSecondary'>): string {
  return classNames(kind && classes[kind], isSecondary && classes['secondary']);
}
