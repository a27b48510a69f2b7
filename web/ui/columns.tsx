import type { ReactNode } from 'react';
import { Time } from './time.tsx';
import type { VirtualColumn } from './virtual-table.tsx';

/** When something was made. */
export const createdColumn = <Row extends { readonly created_at?: string }>(
  options: Pick<VirtualColumn<Row>, 'isSecondary'> = {},
): VirtualColumn<Row> => ({
  title: 'Created',
  width: '92px',
  isNumber: true,
  ...options,
  cell: ({ created_at }): ReactNode => (
    <span className="muted">
      <Time at={created_at} />
    </span>
  ),
});
