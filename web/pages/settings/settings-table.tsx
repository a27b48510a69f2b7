import type { ReactNode } from 'react';
import type { Pages } from '../../api/use-pages.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorMessage, SkeletonRows } from '../../ui/feedback.tsx';
import { type Column, Table } from '../../ui/table.tsx';

interface SettingsTableProps<Row> {
  readonly label: string;
  readonly list: Pages<Row>;
  readonly columns: readonly Column<Row>[];
  readonly rowKey: (row: Row) => string;
  readonly empty: ReactNode;
}

/** A table that grows by a button, in whichever state its list is. */
export function SettingsTable<Row>({ label, list, columns, rowKey, empty }: SettingsTableProps<Row>) {
  if (list.error) return <ErrorMessage error={list.error} retry={list.retry} />;
  if (list.isPending) return <SkeletonRows count={4} label={`Loading: ${label}`} />;
  if (list.rows.length === 0) return <p className="muted">{empty}</p>;
  return (
    <>
      <Table label={label} rows={list.rows} rowKey={rowKey} columns={columns} />
      {list.hasMore && (
        <Button kind="quiet" disabled={list.isLoadingMore} onClick={list.loadMore}>
          Show more
        </Button>
      )}
    </>
  );
}
