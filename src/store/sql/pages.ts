/**
 * Pages of rows: filtered, sorted and counted along the indexes, so that a page of a million rows costs what a page of a hundred
 * does.
 *
 * I1. A condition on one of several values is asked value by value, each along its index, and the answers are merged: asked at once,
 *     the database would sort all that match.
 * I2. Rows are counted one by one up to COUNT_LIMIT only; more are counted where the database keeps the counts itself.
 * I3. A text that few names contain is looked for in the index of names first; one that many contain is soon met on the way.
 */
import { LIST_FIELDS, type ListQuery, type Page, type Predicate } from '../catalogue-store.ts';
import type { SqlRecord } from '../catalogue-records.ts';
import { columnOf, conditionOf, type ListColumns, positively, whereOf } from './conditions.ts';
import type { SqlDialect } from './dialect.ts';
import type { Script, SqlValue, Statement } from './script.ts';

export interface ListSource<Row> extends ListColumns {
  /** What is selected, and from which tables; the columns of the fields can be named in both. */
  readonly select: string;
  readonly from: string;
  /** What rows are sorted by where a column may be NULL: that has no place in an order. */
  readonly sortColumns?: Readonly<Record<string, string>>;
  readonly toRow: (record: SqlRecord) => Row;
  /** A kept number of rows, if the predicates allow it. */
  readonly count?: (predicates: readonly Predicate[]) => Statement | undefined;
  /** Ids (as `id`) of rows whose field contains a text, for a database that searches names first; undefined if it cannot tell. */
  readonly search?: { readonly field: string; readonly find: (text: string, limit: number) => Statement | undefined };
}

/** Counting further would take longer than the page. */
export const COUNT_LIMIT = 10_000;
/** So many rows are sorted faster than others would be met by walking. */
const MAX_FOUND = 2_000;
const MAX_WALKS = 8;

export function pagesOf<Row>(dialect: SqlDialect, source: ListSource<Row>): (query: ListQuery) => Script<Page<Row>> {
  return function* page(query) {
    const asked = query.predicates.map(positively);
    const found = yield* findByName(dialect, source, asked);
    const predicates = found ? asked.filter((predicate) => predicate !== found.predicate) : asked;
    const conditions = predicates.map((predicate) => conditionOf(source, dialect, predicate));
    if (found) conditions.push(found.condition);
    const records = yield* walk(dialect, source, query, { predicates, conditions, isSorted: found === undefined });
    const rows = records.slice(0, query.limit);
    const last = rows.at(-1);
    const hasMore = records.length > query.limit && last !== undefined;
    const total = found && predicates.length === 0 ? found.total : yield* count(source, query.predicates, conditions);
    return {
      rows: rows.map(source.toRow),
      total,
      ...(hasMore ? { next: { value: last['sort_value'] as string | number, id: last['sort_id'] as string } } : {}),
    };
  };
}

interface Wanted {
  readonly predicates: readonly Predicate[];
  readonly conditions: readonly Statement[];
  /** False: so few rows are left that they are sorted, and walking along the order would pass all others. */
  readonly isSorted: boolean;
}

/** I1. */
function* walk<Row>(
  dialect: SqlDialect,
  source: ListSource<Row>,
  query: ListQuery,
  { predicates, conditions, isSorted }: Wanted,
): Script<readonly SqlRecord[]> {
  const position = predicates.findIndex(
    ({ operation, values, key }) => operation === 'in' && key === undefined && values.length > 1 && values.length <= MAX_WALKS,
  );
  const several = isSorted ? predicates[position] : undefined;
  if (!several) return yield pageStatement(source, query, conditions, isSorted);
  const merged: SqlRecord[] = [];
  for (const value of new Set(several.values)) {
    const one = conditionOf(source, dialect, { field: several.field, operation: 'eq', values: [value] });
    merged.push(...(yield pageStatement(source, query, conditions.with(position, one), isSorted)));
  }
  return merged.sort(inOrder(query.sort.descending)).slice(0, query.limit + 1);
}

function pageStatement<Row>(
  source: ListSource<Row>,
  query: ListQuery,
  wanted: readonly Statement[],
  isSorted: boolean,
): Statement {
  const { field, descending } = query.sort;
  const id = Object.keys(LIST_FIELDS[source.list])[0]!;
  const idColumn = columnOf(source, id);
  const sortColumn = source.sortColumns?.[field] ?? columnOf(source, field);
  const columns = field === id ? [idColumn] : [sortColumn, idColumn];
  const values: SqlValue[] = wanted.flatMap((condition) => condition.values);
  const conditions = [...wanted];
  if (query.after) {
    const marked = field === id ? [query.after.id] : [query.after.value, query.after.id];
    const comparison = `(${columns.join(', ')}) ${descending ? '<' : '>'} (${marked.map(() => '?').join(', ')})`;
    conditions.push({ sql: comparison, values: marked });
    values.push(...marked);
  }
  const direction = descending ? 'desc' : 'asc';
  // A plus in front keeps the planner of SQLite from taking the order for a reason to walk along it.
  const order = columns.map((column) => `${isSorted ? '' : '+'}${column} ${direction}`).join(', ');
  const selected = `${source.select}, ${sortColumn} as sort_value, ${idColumn} as sort_id from ${source.from}`;
  return { sql: `select ${selected}${whereOf(conditions)} order by ${order} limit ?`, values: [...values, query.limit + 1] };
}

/** As the database orders them: texts by their bytes. */
function inOrder(descending: boolean): (left: SqlRecord, right: SqlRecord) => number {
  const compare = (left: SqlRecord, right: SqlRecord, column: string): number => {
    const [a, b] = [left[column]!, right[column]!];
    return typeof a === 'number' ? a - (b as number) : Buffer.compare(Buffer.from(a), Buffer.from(b as string));
  };
  const ascending = (left: SqlRecord, right: SqlRecord) => compare(left, right, 'sort_value') || compare(left, right, 'sort_id');
  return descending ? (left, right) => ascending(right, left) : ascending;
}

/** I2. */
function* count<Row>(
  source: ListSource<Row>,
  predicates: readonly Predicate[],
  conditions: readonly Statement[],
): Script<number> {
  const kept = source.count?.(predicates);
  const values = conditions.flatMap((condition) => condition.values);
  const limited = conditions.length === 0 ? '' : ` limit ${COUNT_LIMIT}`;
  const matching = `select 1 from ${source.from}${whereOf(conditions)}${limited}`;
  const [record] = yield kept ?? { sql: `select count(*) as total from (${matching}) as matching`, values };
  return record!['total'] as number;
}

interface Found {
  readonly predicate: Predicate;
  readonly condition: Statement;
  readonly total: number;
}

/** I3. */
function* findByName<Row>(
  dialect: SqlDialect,
  source: ListSource<Row>,
  predicates: readonly Predicate[],
): Script<Found | undefined> {
  const { search } = source;
  if (!dialect.searchesNamesFirst || !search) return undefined;
  const predicate = predicates.find(({ field, operation }) => field === search.field && operation === 'contains');
  const statement = predicate && search.find(String(predicate.values[0]), MAX_FOUND + 1);
  if (!statement) return undefined;
  const ids = (yield statement).map((record) => record['id'] as string);
  if (ids.length > MAX_FOUND) return undefined;
  const id = columnOf(source, Object.keys(LIST_FIELDS[source.list])[0]!);
  const condition = { sql: `${id} in (select value from json_each(?))`, values: [JSON.stringify(ids)] };
  return { predicate: predicate!, condition, total: ids.length };
}
