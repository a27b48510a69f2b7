import type { ReactNode } from 'react';
import type { Pages } from '../api/use-pages.ts';
import { ErrorMessage, SkeletonRows } from './feedback.tsx';
import type { Selection } from './row-selection.tsx';
import { type VirtualColumn, VirtualTable } from './virtual-table.tsx';
import classes from './list-body.module.css';

export interface ListBodyProps<Row> {
  readonly label: string;
  readonly list: Pages<Row>;
  readonly columns: readonly VirtualColumn<Row>[];
  readonly rowKey: (row: Row) => string;
  readonly empty: ReactNode;
  readonly selection?: Selection;
}

/** A list in whichever state it is: loading, failed, empty, or its rows. */
export function ListBody<Row>({ label, list, columns, rowKey, empty, selection }: ListBodyProps<Row>) {
  if (list.error && list.rows.length === 0) {
    return (
      <div className={classes['padded']}>
        <ErrorMessage error={list.error} retry={list.retry} />
      </div>
    );
  }
  if (list.isPending) {
    return (
      <div className={classes['padded']}>
        <SkeletonRows count={12} label={`Loading: ${label}`} />
      </div>
    );
  }
  if (list.rows.length === 0) return empty;
  return <VirtualTable label={label} columns={columns} rowKey={rowKey} {...list} {...(selection && { selection })} />;
}
