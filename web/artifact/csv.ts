export interface CsvTable {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** The text ended within a row, or there are more rows than were asked for. */
  readonly isCut: boolean;
}

/**
 * Reads comma- or tab-separated values (RFC 4180: quotes, doubled quotes, line breaks within quotes). The separator is the one of
 * `, ; tab |` that the first line has most of. `isWhole`: the text is the whole file, so its last row is complete.
 */
export function parseCsv(text: string, { maxRows, isWhole }: { readonly maxRows: number; readonly isWhole: boolean }): CsvTable {
  const source = text.startsWith('\ufeff') ? text.slice(1) : text;
  const separator = findSeparator(source);
  const rows: string[][] = [];
  let at = 0;
  while (at < source.length && rows.length <= maxRows) {
    const row = readRow(source, at, separator);
    if (row.isOpen && !isWhole) return { header: rows[0] ?? [], rows: rows.slice(1), isCut: true };
    if (row.cells.length > 1 || row.cells[0] !== '') rows.push(row.cells);
    at = row.next;
  }
  return { header: rows[0] ?? [], rows: rows.slice(1), isCut: at < source.length || !isWhole };
}

function findSeparator(source: string): string {
  const line = source.slice(0, source.indexOf('\n') + 1 || undefined);
  const count = (separator: string): number => line.split(separator).length;
  return [',', '\t', ';', '|'].reduce((best, one) => (count(one) > count(best) ? one : best));
}

interface Row {
  readonly cells: string[];
  readonly next: number;
  /** The text ended before the row did. */
  readonly isOpen: boolean;
}

function readRow(source: string, from: number, separator: string): Row {
  const cells: string[] = [];
  let at = from;
  for (;;) {
    const cell = source[at] === '"' ? readQuoted(source, at) : readPlain(source, at, separator);
    cells.push(cell.text);
    at = cell.next;
    if (source[at] === separator) {
      at += 1;
      continue;
    }
    if (at >= source.length) return { cells, next: at, isOpen: true };
    return { cells, next: at + (source[at] === '\r' && source[at + 1] === '\n' ? 2 : 1), isOpen: false };
  }
}

function readPlain(source: string, from: number, separator: string): { readonly text: string; readonly next: number } {
  let at = from;
  while (at < source.length && source[at] !== separator && source[at] !== '\n' && source[at] !== '\r') at += 1;
  return { text: source.slice(from, at), next: at };
}

function readQuoted(source: string, from: number): { readonly text: string; readonly next: number } {
  let text = '';
  let at = from + 1;
  for (;;) {
    const quote = source.indexOf('"', at);
    if (quote < 0) return { text: text + source.slice(at), next: source.length };
    text += source.slice(at, quote);
    if (source[quote + 1] !== '"') return { text, next: quote + 1 };
    text += '"';
    at = quote + 2;
  }
}
