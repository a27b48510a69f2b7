import { useMemo, useState } from 'react';
import classes from './row-selection.module.css';

/** Which rows are selected, by key. */
export interface Selection {
  readonly keys: ReadonlySet<string>;
  readonly has: (key: string) => boolean;
  readonly toggle: (key: string) => void;
  readonly set: (keys: Iterable<string>) => void;
  readonly clear: () => void;
  /** Where a selection with Shift starts. */
  readonly anchor: { key: string | undefined };
}

export function useSelection(): Selection {
  const [keys, setKeys] = useState<ReadonlySet<string>>(new Set());
  const [anchor] = useState<{ key: string | undefined }>({ key: undefined });
  return useMemo(
    () => ({
      keys,
      anchor,
      has: (key) => keys.has(key),
      toggle: (key) => {
        anchor.key = key;
        setKeys((before) => {
          const after = new Set(before);
          if (!after.delete(key)) after.add(key);
          return after;
        });
      },
      set: (next) => setKeys(new Set(next)),
      clear: () => setKeys(new Set()),
    }),
    [keys, anchor],
  );
}

export function SelectAll({ selection, keys }: { readonly selection: Selection; readonly keys: readonly string[] }) {
  const isAll = keys.length > 0 && selection.keys.size >= keys.length;
  return (
    <label className={classes['box']}>
      <input
        type="checkbox"
        aria-label="Select all rows that are loaded"
        checked={isAll}
        ref={(input) => {
          if (input) input.indeterminate = !isAll && selection.keys.size > 0;
        }}
        onChange={() => (isAll ? selection.clear() : selection.set(keys))}
      />
    </label>
  );
}

interface SelectRowProps {
  readonly selection: Selection;
  readonly keysOf: () => readonly string[];
  readonly at: number;
  readonly isSelected: boolean;
}

/** With Shift, everything between this row and the one that was clicked before is selected. */
export function SelectRow({ selection, keysOf, at, isSelected }: SelectRowProps) {
  const extend = () => {
    const keys = keysOf();
    const from = keys.indexOf(selection.anchor.key ?? keys[at]!);
    const [low, high] = from < at ? [from, at] : [at, from];
    selection.set([...selection.keys, ...keys.slice(Math.max(0, low), high + 1)]);
  };
  return (
    <label className={classes['box']}>
      <input
        type="checkbox"
        aria-label="Select"
        checked={isSelected}
        onClick={(event) => {
          if (!event.shiftKey) return;
          event.preventDefault();
          extend();
        }}
        onChange={() => selection.toggle(keysOf()[at]!)}
      />
    </label>
  );
}
