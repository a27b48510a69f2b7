import { useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, memo, type ReactNode, useCallback, useEffect, useMemo, useRef } from 'react';
import { useHotkeys } from '../base/use-hotkeys.ts';
import { classNames } from './class-names.ts';
import { type Selection, SelectAll, SelectRow } from './row-selection.tsx';
import classes from './virtual-table.module.css';

export interface VirtualColumn<Row> {
  readonly title: string;
  readonly cell: (row: Row) => ReactNode;
  /** A track of CSS grid: `120px`, `minmax(0, 2fr)`. */
  readonly width: string;
  readonly isNumber?: boolean;
  /** Left out on a narrow screen. */
  readonly isSecondary?: boolean;
}

interface VirtualTableProps<Row> {
  readonly label: string;
  readonly columns: readonly VirtualColumn<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  /** How many there are, also those that are not loaded yet. */
  readonly total: number;
  readonly hasMore: boolean;
  readonly isLoadingMore: boolean;
  readonly loadMore: () => void;
  readonly selection?: Selection;
}

const ROW_HEIGHT = 40;
const NARROW_ROW_HEIGHT = 44;
/** Rows drawn beyond what is seen, and rows left when more are asked for. */
const OVERSCAN = 12;
const LOAD_AHEAD = 120;

/**
 * A list of any length: only the rows in view are drawn, more are asked for before they are needed. j and k go from row to row,
 * Enter opens the one with the focus, x selects it. It scrolls by itself and takes the height it is given.
 */
export function VirtualTable<Row>(props: VirtualTableProps<Row>) {
  const { label, columns, rows, rowKey, total, hasMore, isLoadingMore, loadMore, selection } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const rowHeight = matchMedia('(max-width: 760px)').matches ? NARROW_ROW_HEIGHT : ROW_HEIGHT;
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: OVERSCAN,
    getItemKey: (index) => rowKey(rows[index]!),
  });
  const keys = useMemo(() => rows.map(rowKey), [rows, rowKey]);
  const currentKeys = useRef(keys);
  currentKeys.current = keys;
  const keysOf = useCallback(() => currentKeys.current, []);
  const items = virtualizer.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && !isLoadingMore && last >= rows.length - LOAD_AHEAD) loadMore();
  }, [hasMore, isLoadingMore, last, rows.length, loadMore]);
  useRowKeys(
    scroller,
    rows.length,
    (index) => virtualizer.scrollToIndex(index),
    selection && ((index) => selection.toggle(rowKey(rows[index]!))),
  );

  const style = {
    '--columns': `${selection ? '32px ' : ''}${columns.map(({ width }) => width).join(' ')}`,
    '--columns-narrow': `${selection ? '32px ' : ''}${columns
      .filter(({ isSecondary }) => !isSecondary)
      .map(({ width }) => width)
      .join(' ')}`,
  } as CSSProperties;
  return (
    <div ref={scroller} className={classes['scroller']} style={style} tabIndex={-1}>
      <div role="table" aria-label={label} aria-rowcount={total + 1} className={classes['table']}>
        <div role="rowgroup" className={classes['head']}>
          <div role="row" aria-rowindex={1} className={classes['row']}>
            {selection && (
              <span role="columnheader">
                <SelectAll selection={selection} keys={keys} />
              </span>
            )}
            {columns.map((column) => (
              <span key={column.title} role="columnheader" className={cellClass(column)}>
                {column.title}
              </span>
            ))}
          </div>
        </div>
        <div role="rowgroup" className={classes['body']} style={{ height: virtualizer.getTotalSize() }}>
          {items.map(({ key, index, start, size }) => (
            <VirtualRow
              key={key}
              row={rows[index]!}
              columns={columns as readonly VirtualColumn<unknown>[]}
              index={index}
              start={start}
              size={size}
              selection={selection}
              isSelected={selection?.has(keys[index]!)}
              keysOf={keysOf}
            />
          ))}
        </div>
      </div>
      {hasMore && (
        <div role="status" className={classes['more']}>
          Loading more…
        </div>
      )}
    </div>
  );
}

interface VirtualRowProps {
  readonly row: unknown;
  readonly columns: readonly VirtualColumn<unknown>[];
  readonly index: number;
  /** Pixels from the top of the list. */
  readonly start: number;
  readonly size: number;
  readonly selection: Selection | undefined;
  readonly isSelected: boolean | undefined;
  /** Keys of all rows; a function, so that a row is not drawn again when others are loaded. */
  readonly keysOf: () => readonly string[];
}

const VirtualRow = memo(function VirtualRow(props: VirtualRowProps) {
  const { row, columns, index, start, size, selection, isSelected, keysOf } = props;
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      data-index={index}
      className={classNames(classes['row'], isSelected && classes['isSelected'])}
      style={{ height: size, transform: `translateY(${start}px)` }}
    >
      {selection && (
        <span role="cell">
          <SelectRow selection={selection} keysOf={keysOf} at={index} isSelected={isSelected ?? false} />
        </span>
      )}
      {columns.map((column) => (
        <span key={column.title} role="cell" className={cellClass(column)}>
          {column.cell(row)}
        </span>
      ))}
    </div>
  );
});

function cellClass({ isNumber, isSecondary }: Pick<VirtualColumn<never>, 'isNumber' | 'isSecondary'>): string {
  return classNames(classes['cell'], isNumber && classes['number'], isSecondary && classes['secondary']);
}

/** The row with the focus is the one whose link has it. */
function useRowKeys(
  scroller: React.RefObject<HTMLDivElement | null>,
  count: number,
  scrollTo: (index: number) => void,
  toggle: ((index: number) => void) | undefined,
): void {
  // The row that gets the focus with the next frame: two keys may come before it.
  const next = useRef(-1);
  const current = (): number => {
    if (next.current >= 0) return next.current;
    const row = document.activeElement?.closest<HTMLElement>('[data-index]');
    return row && scroller.current?.contains(row) ? Number(row.dataset['index']) : -1;
  };
  const focus = (index: number): void => {
    if (index < 0 || index >= count) return;
    scrollTo(index);
    next.current = index;
    // The row may have to be drawn first.
    requestAnimationFrame(() => {
      scroller.current?.querySelector<HTMLElement>(`[data-index="${next.current}"] a`)?.focus({ preventScroll: true });
      next.current = -1;
    });
  };
  useHotkeys({
    j: () => focus(current() + 1),
    k: () => focus(Math.max(0, current() - 1)),
    x: () => {
      const index = current();
      if (index >= 0) toggle?.(index);
    },
  });
}
