import type { Cell, TableData } from './column-statistics.ts';

/** JSON that is a table: a list of objects (also under one name of an object), JSON lines, or an object of equally long lists. Undefined: it is none. */
export function jsonTable(
  text: string,
  { maxRows, isWhole }: { readonly maxRows: number; readonly isWhole: boolean },
): TableData | undefined {
  const records = readRecords(text, isWhole);
  if (records === undefined || records.length === 0) return undefined;
  const header = [...new Set(records.slice(0, maxRows).flatMap((record) => Object.keys(record)))];
  const rows = records.slice(0, maxRows).map((record) => header.map((name) => toCell(record[name])));
  return { header, rows, rowCount: isWhole ? records.length : undefined, isCut: !isWhole || records.length > maxRows };
}

type JsonRecord = Readonly<Record<string, unknown>>;

function readRecords(text: string, isWhole: boolean): readonly JsonRecord[] | undefined {
  if (text.trimStart().startsWith('[') || (isWhole && !isManyLines(text))) {
    const value = parse(text);
    if (Array.isArray(value)) return value.every(isRecord) ? value : undefined;
    return isRecord(value) ? (ofColumns(value) ?? onlyList(value)) : undefined;
  }
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const records = (isWhole ? lines : lines.slice(0, -1)).map(parse);
  return records.every(isRecord) ? records : undefined;
}

/** A first line that is an object of its own: JSON lines. */
const isManyLines = (text: string): boolean => {
  const end = text.trimEnd().indexOf('\n');
  return end > 0 && isRecord(parse(text.slice(0, end)));
};

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): value is JsonRecord => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Records under one name, with facts about them beside: `{"created": …, "rows": [{…}, …]}`. */
function onlyList(value: JsonRecord): readonly JsonRecord[] | undefined {
  const lists = Object.values(value).filter(
    (member): member is JsonRecord[] => Array.isArray(member) && member.length > 1 && member.every(isRecord),
  );
  return lists.length === 1 ? lists[0] : undefined;
}

function ofColumns(value: JsonRecord): readonly JsonRecord[] | undefined {
  const columns = Object.entries(value);
  const length = Array.isArray(columns[0]?.[1]) ? columns[0][1].length : 0;
  if (length === 0 || !columns.every(([, column]) => Array.isArray(column) && column.length === length)) return undefined;
  return Array.from({ length }, (_, row) =>
    Object.fromEntries(columns.map(([name, column]) => [name, (column as unknown[])[row]])),
  );
}

/** What has no place in a cell is shown as JSON. */
export function toCell(value: unknown): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof Date) return value.toISOString();
  return JSON.stringify(value, (_, member: unknown) => (typeof member === 'bigint' ? toCell(member) : member));
}
