import type { Style } from '../style.ts';

/**
 * A table for people: columns as wide as their longest cell, two spaces between them, the last one not padded. Line ends inside a
 * cell would break the table and are shown as spaces.
 */
export function renderTable(header: readonly string[], rows: readonly (readonly string[])[], style: Style): string[] {
  const cells = rows.map((row) => row.map((cell) => cell.replace(/\s+/g, ' ')));
  const widths = header.map((title, column) => Math.max(title.length, ...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column]!)))
      .join('  ')
      .trimEnd();
  return [style.dim(line(header)), ...cells.map(line)];
}

/** One thing as `name  value` lines; values that are empty are left out. */
export function renderFields(fields: readonly (readonly [name: string, value: string])[], style: Style): string[] {
  const shown = fields.filter(([, value]) => value !== '');
  const width = Math.max(0, ...shown.map(([name]) => name.length));
  return shown.map(([name, value]) => {
    const [first, ...rest] = value.split('\n');
    return [`${style.dim(name.padEnd(width))}  ${first}`, ...rest.map((line) => `${' '.repeat(width)}  ${line}`)].join('\n');
  });
}
