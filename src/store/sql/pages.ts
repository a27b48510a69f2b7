/**
 * Pages of rows: filtered, sorted and counted along the indexes, so that a page of a million rows costs what a page of a hundred
 * does.
 *
 * I1. A condition on one of several values is asked value by value, each along its index, and the answers are merged: asked at once,
 *     the database would sort all that match.
 * I2. Rows are counted one by one up to COUNT_LIMIT only; more are counted where the database keeps the counts itself.
 * I3. A text that few names contain is looked for in the index of names first; one that many contain is soon met on the way.
 */
import { assert } from '../../base/assert.ts';
import { LIST_FIELDS, type ListQuery, type Page, type Predicate } from '../catalogue-store.ts';
import type { SqlRecord } from '../row-columns.ts';
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
  /** Fields of which many rows have the same value: their index serves only when nothing else does. */
  readonly broad?: readonly string[];
  /** How a database that searches names first finds the ids (as `id`) of rows whose field contains a text. */
  readonly search?: {
    readonly field: string;
    /** What the field is called where it is searched. */
    readonly column: string;
    /** Undefined if the index is of no use for the text. */
    readonly find: (text: string, contains: Statement) => NameSearch | undefined;
  };
}

export interface NameSearch {
  readonly ids: Statement;
  /** Whether (as `total`) there were more candidates than were looked at, so that ids may be missing. */
  readonly leftOut: Statement;
}

/** Counting further would take longer than the page. */
export const COUNT_LIMIT = 2_000;
/** So many rows are sorted faster than others would be met by walking. */
const MAX_FOUND = COUNT_LIMIT;
const MAX_SORTED = 10_000;
const MAX_WALKS = 8;

export function pagesOf<Row>(dialect: SqlDialect, source: ListSource<Row>): (query: ListQuery) => Script<Page<Row>> {
  return function* page(query) {
    const asked = query.predicates.map(positively);
    const search = searchOf(dialect, source, asked);
    const answer = search && (yield* findByName(source, search));
    const found = typeof answer === 'object' ? answer : undefined;
    const predicates = found ? asked.filter((predicate) => predicate !== search?.predicate) : asked;
    const kept = source.count?.(query.predicates);
    const keptTotal = kept && (yield* countOf(kept));
    const isFew = keptTotal !== undefined && keptTotal <= MAX_SORTED;
    const conditions = conditionsOf(dialect, source, predicates, { isFew, sort: query.sort.field });
    if (found) conditions.push(found.condition);
    const records = yield* walk(dialect, source, query, { predicates, conditions, isSorted: found === undefined });
    const rows = records.slice(0, query.limit);
    const last = rows.at(-1);
    const hasMore = records.length > query.limit && last !== undefined;
    const named = found?.total ?? (answer === 'many' ? COUNT_LIMIT : undefined);
    const counted = asked.length === 1 ? named : undefined;
    return {
      rows: rows.map(source.toRow),
      total: keptTotal ?? counted ?? (yield* count(source, conditions)),
      ...(hasMore ? { next: { value: last['sort_value'] as string | number, id: last['sort_id'] as string } } : {}),
    };
  };
}

/** What the rows of a page have to meet, with the indexes of broad fields out of the way of better ones. */
function conditionsOf<Row>(
  dialect: SqlDialect,
  source: ListSource<Row>,
  predicates: readonly Predicate[],
  { isFew, sort }: { readonly isFew: boolean; readonly sort: string },
): Statement[] {
  const { broad = [] } = source;
  const isNarrow = ({ field, operation }: Predicate) => !broad.includes(field) && (operation === 'eq' || operation === 'in');
  // Their indexes are in the order of creation: in any other, many rows would have to be sorted.
  const isOutOfOrder = sort !== 'created_at_ms' && !isFew;
  if (!isOutOfOrder && !predicates.some(isNarrow)) return predicates.map((predicate) => conditionOf(source, dialect, predicate));
  const columns = { ...source.columns };
  for (const field of broad) columns[field] = dialect.withoutIndex(columnOf(source, field));
  return predicates.map((predicate) => conditionOf({ ...source, columns }, dialect, predicate));
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
  if (!several) return yield pageStatement(dialect, source, query, { conditions, isSorted });
  const merged: SqlRecord[] = [];
  for (const value of new Set(several.values)) {
    const one = conditionOf(source, dialect, { field: several.field, operation: 'eq', values: [value] });
    merged.push(...(yield pageStatement(dialect, source, query, { conditions: conditions.with(position, one), isSorted })));
  }
  return merged.sort(inOrder(query.sort.descending)).slice(0, query.limit + 1);
}

function pageStatement<Row>(
  dialect: SqlDialect,
  source: ListSource<Row>,
  query: ListQuery,
  { conditions: wanted, isSorted }: Omit<Wanted, 'predicates'>,
): Statement {
  const { field, key, descending } = query.sort;
  const id = Object.keys(LIST_FIELDS[source.list])[0]!;
  const idColumn = columnOf(source, id);
  const sortColumn =
    key === undefined ? (source.sortColumns?.[field] ?? columnOf(source, field)) : metricOf(dialect, source, query);
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
  const order = (plus: string) => columns.map((column) => `${plus}${column} ${direction}`).join(', ');
  const ids = `select ${idColumn} from ${source.from}${whereOf(conditions)} order by ${order(isSorted ? '' : '+')} limit ?`;
  const selected = `${source.select}, ${sortColumn} as sort_value, ${idColumn} as sort_id from ${source.from}`;
  // Where rows have to be sorted, only their ids are: whole rows are read for the page alone.
  const sql = `select ${selected} where ${idColumn} in (${ids}) order by ${order(dialect.orderedByHand)}`;
  return { sql, values: [...values, query.limit + 1] };
}

/** Below any number that is reported: NULL has no place in an order. */
const NO_METRIC = '-1.7e308';

function metricOf<Row>(dialect: SqlDialect, source: ListSource<Row>, { sort: { field, key = '' } }: ListQuery): string {
  assert(/^[-\w]+$/.test(key), 'the name of a metric has no quotes');
  return `coalesce(${dialect.largest(columnOf(source, field), key)}, ${NO_METRIC})`;
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
function* count<Row>(source: ListSource<Row>, conditions: readonly Statement[]): Script<number> {
  if (conditions.length === 0) return yield* countOf({ sql: `select count(*) as total from ${source.from}`, values: [] });
  const values = conditions.flatMap((condition) => condition.values);
  return yield* countMatching({ sql: `select 1 from ${source.from}${whereOf(conditions)}`, values });
}

const countMatching = ({ sql, values }: Statement): Script<number> =>
  countOf({ sql: `select count(*) as total from (${sql} limit ${COUNT_LIMIT}) as matching`, values });

function* countOf(statement: Statement): Script<number> {
  const [record] = yield statement;
  return record!['total'] as number;
}

interface Search {
  readonly predicate: Predicate;
  readonly names: NameSearch;
}

function searchOf<Row>(dialect: SqlDialect, source: ListSource<Row>, predicates: readonly Predicate[]): Search | undefined {
  const { search, list } = source;
  if (!dialect.searchesNamesFirst || !search) return undefined;
  const predicate = predicates.find(({ field, operation }) => field === search.field && operation === 'contains');
  if (!predicate) return undefined;
  const contains = conditionOf({ list, columns: { [search.field]: search.column } }, dialect, predicate);
  const names = search.find(String(predicate.values[0]), contains);
  return names && { predicate, names };
}

interface FoundByName {
  readonly condition: Statement;
  readonly total: number;
}

/** I3. `many`: more names contain the text than should be sorted. `unknown`: only a walk can tell. */
function* findByName<Row>(source: ListSource<Row>, { names }: Search): Script<FoundByName | 'many' | 'unknown'> {
  const found = yield { sql: `${names.ids.sql} limit ?`, values: [...names.ids.values, MAX_FOUND + 1] };
  if (found.length > MAX_FOUND) return 'many';
  if (yield* countOf(names.leftOut)) return 'unknown';
  const id = columnOf(source, Object.keys(LIST_FIELDS[source.list])[0]!);
  const ids = JSON.stringify(found.map((record) => record['id']));
  return { condition: { sql: `${id} in (select value from json_each(?))`, values: [ids] }, total: found.length };
}
