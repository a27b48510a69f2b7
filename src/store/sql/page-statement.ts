import { assert } from '../../base/assert.ts';
import type { ListQuery, ListSort } from '../catalogue-store.ts';
import { columnOf, whereOf } from './conditions.ts';
import type { SqlDialect } from './dialect.ts';
import { fromOf, idColumnOf, idOf, type ListSource } from './list-source.ts';
import type { SqlValue, Statement } from './script.ts';

export interface PageParts {
  readonly conditions: readonly Statement[];
  /** False: so few rows are left that they are sorted, and walking along the order would pass all others. */
  readonly isSorted: boolean;
  /** Whether a condition compares parts of names, which an index along the order may hold. */
  readonly comparesNames: boolean;
  /** Names are compared near the start of the page only, or of all rows before these are sorted; absent: on the way. */
  readonly byName?: { readonly contains: Statement; readonly column: string; readonly reach: 'near' | 'far' } | undefined;
  /** Gives one number, which every row brings along as `total`. */
  readonly counting?: Statement | undefined;
}

/** So many rows are passed before the index of names is tried: as long as that takes. */
const NEAR = 20_000;

/** One page and the first row of the next; each with what it is sorted by (`sort_value`, `sort_id`). */
export function pageStatement<Row>(
  dialect: SqlDialect,
  source: ListSource<Row>,
  query: ListQuery,
  { conditions: wanted, isSorted, comparesNames, byName, counting }: PageParts,
): Statement {
  const columns = orderOf(dialect, source, query.sort);
  const sortedBy = `${columns[0]!} as sort_value, ${columns.at(-1)!} as sort_id`;
  const conditions = [...wanted, ...followingOf(query, columns)];
  const direction = query.sort.descending ? 'desc' : 'asc';
  // A plus in front keeps the planner of SQLite from taking the order for a reason to walk along it.
  const order = (plus: string, by = columns) => `order by ${by.map((column) => `${plus}${column} ${direction}`).join(', ')}`;
  const byResult = order('', ['sort_value', 'sort_id']);
  const from = `from ${fromOf(source)}`;
  const inner = `${from}${whereOf(conditions)} ${order(isSorted ? '' : dialect.orderedByHand)}`;
  const selected = counting ? `${source.select}, (${counting.sql}) as total` : source.select;
  const statements = [...(counting ? [counting] : []), ...conditions, ...(byName ? [byName.contains] : [])];
  const values: SqlValue[] = [...statements.flatMap((statement) => statement.values), query.limit + 1];
  if (dialect.pagesWholeRows && !comparesNames) {
    // What is joined is joined to the rows of the page alone.
    const page = `(select ${source.table}.*, ${sortedBy} ${inner} limit ?) as ${source.table} ${source.joined ?? ''}`;
    return { sql: `select ${selected} from ${page} ${byResult}`, values };
  }
  const id = idColumnOf(source);
  const ids = (): string => {
    if (!byName) return `select ${id} ${inner}`;
    const { contains, column, reach } = byName;
    if (reach === 'near') {
      const passed = `select ${sortedBy}, ${column} ${inner} limit ${NEAR}`;
      return `select sort_id from (${passed}) as passed where ${contains.sql} ${byResult}`;
    }
    // PostgreSQL plans what ends with an offset without regard to what follows: all that match, by whatever index.
    const matching = `select ${sortedBy} ${from}${whereOf([...conditions, contains])} offset 0`;
    return `select sort_id from (${matching}) as matching ${byResult}`;
  };
  // Only ids are walked along and sorted, which an index may hold with the names: whole rows are read for the page alone.
  const page = `select ${selected}, ${sortedBy} ${from} where ${id} in (${ids()} limit ?)`;
  return { sql: `${page} ${order(dialect.orderedByHand)}`, values };
}

/** A row's id decides between rows that are the same otherwise. */
function orderOf<Row>(dialect: SqlDialect, source: ListSource<Row>, { field, key }: ListSort): readonly string[] {
  const id = idColumnOf(source);
  if (key !== undefined) return [metricOf(dialect, columnOf(source, field), key), id];
  return field === idOf(source) ? [id] : [source.sortColumns?.[field] ?? columnOf(source, field), id];
}

function followingOf({ after, sort }: ListQuery, columns: readonly string[]): readonly Statement[] {
  if (!after) return [];
  const values = columns.length === 1 ? [after.id] : [after.value, after.id];
  const marked = values.map(() => '?').join(', ');
  return [{ sql: `(${columns.join(', ')}) ${sort.descending ? '<' : '>'} (${marked})`, values }];
}

/** Below any number that is reported: NULL has no place in an order. */
const NO_METRIC = '-1.7e308';

function metricOf(dialect: SqlDialect, column: string, key: string): string {
  assert(/^[-\w]+$/.test(key), 'the name of a metric has no quotes');
  return `coalesce(${dialect.largest(column, key)}, ${NO_METRIC})`;
}
