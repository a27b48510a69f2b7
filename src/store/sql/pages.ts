/**
 * Pages of rows: filtered, sorted and counted along the indexes, so that a page of a million rows costs what a page of a hundred
 * does.
 *
 * I1. A condition on one of several values is asked value by value, each along its index, and the answers are merged: asked at once,
 *     the database would sort all that match.
 * I2. Rows are counted one by one up to COUNT_LIMIT only; more are counted where the database keeps the counts itself.
 * I3. A text that few names contain is looked for in the index of names first; one that many contain is soon met on the way.
 * I4. A database that is asked over a connection counts and reads a page in one statement where it can: each has to be waited for.
 */
import type { ListQuery, Page, Predicate } from '../catalogue-store.ts';
import type { SqlRecord } from '../row-columns.ts';
import { columnOf, conditionOf, positively, whereOf } from './conditions.ts';
import type { SqlDialect } from './dialect.ts';
import { COUNT_LIMIT, fromOf, type ListSource } from './list-source.ts';
import { findByName, searchOf } from './names-first.ts';
import { type PageParts, pageStatement } from './page-statement.ts';
import type { Script, Statement } from './script.ts';

const MAX_SORTED = 10_000;
const MAX_WALKS = 8;

export function pagesOf<Row>(dialect: SqlDialect, source: ListSource<Row>): (query: ListQuery) => Script<Page<Row>> {
  return function* page(query) {
    const asked = query.predicates.map(positively);
    const search = yield* searchOf(dialect, source, asked);
    const answer = search && (yield* findByName(dialect, source, search));
    const found = typeof answer === 'object' ? answer : undefined;
    const predicates = found ? asked.filter((predicate) => predicate !== search?.predicate) : asked;
    const kept = source.count?.(query.predicates);
    const keptTotal = kept && !dialect.countsWithPage ? yield* countOf(kept) : undefined;
    const isFew = keptTotal !== undefined && keptTotal <= MAX_SORTED;
    const withoutNames = search !== undefined && search.names === undefined;
    const conditions = conditionsOf(dialect, source, predicates, { isFew, withoutNames, sort: query.sort.field });
    if (found) conditions.push(found.condition);
    const named = asked.length === 1 ? (found?.total ?? (answer === 'many' ? COUNT_LIMIT : undefined)) : undefined;
    const known = keptTotal ?? named;
    const counting = kept ?? countingOf(source, conditions);
    const records = yield* walk(dialect, source, query, {
      predicates,
      frequent: answer === 'many' && dialect.nameIndex === 'rows' ? search?.predicate : undefined,
      conditions,
      isSorted: found === undefined,
      comparesNames: search !== undefined && found === undefined,
      counting: dialect.countsWithPage && known === undefined ? counting : undefined,
    });
    const rows = records.slice(0, query.limit);
    const last = rows.at(-1);
    const hasMore = records.length > query.limit && last !== undefined;
    return {
      rows: rows.map(source.toRow),
      total: known ?? (records[0]?.['total'] as number | undefined) ?? (yield* countOf(counting)),
      ...(hasMore ? { next: { value: last['sort_value'] as string | number, id: last['sort_id'] as string } } : {}),
    };
  };
}

interface Wishes {
  readonly isFew: boolean;
  /** Whether the index of names is to be left alone. */
  readonly withoutNames: boolean;
  readonly sort: string;
}

/** What the rows of a page have to meet, with the indexes of broad fields out of the way of better ones. */
function conditionsOf<Row>(
  dialect: SqlDialect,
  source: ListSource<Row>,
  predicates: readonly Predicate[],
  { isFew, withoutNames, sort }: Wishes,
): Statement[] {
  const { broad = [], names } = source;
  const columns: Record<string, string> = { ...source.columns };
  if (withoutNames && names) columns[names.field] = names.withoutIndex;
  const isNarrow = ({ field, operation }: Predicate) => !broad.includes(field) && (operation === 'eq' || operation === 'in');
  // Their indexes are in the order of creation: in any other, many rows would have to be sorted.
  const isOutOfOrder = sort !== 'created_at_ms' && !isFew;
  if (isOutOfOrder || predicates.some(isNarrow))
    for (const field of broad) columns[field] = dialect.withoutIndex(columnOf(source, field));
  return predicates.map((predicate) => conditionOf({ ...source, columns }, dialect, predicate));
}

interface Walk extends PageParts {
  readonly predicates: readonly Predicate[];
  /** The one of them that compares names, if the index of names is an answer where a walk meets too few. */
  readonly frequent: Predicate | undefined;
}

/** I1. */
function* walk<Row>(
  dialect: SqlDialect,
  source: ListSource<Row>,
  query: ListQuery,
  { predicates, frequent, ...parts }: Walk,
): Script<readonly SqlRecord[]> {
  const { conditions, isSorted } = parts;
  const position = predicates.findIndex(
    ({ operation, values, key }) => operation === 'in' && key === undefined && values.length > 1 && values.length <= MAX_WALKS,
  );
  const several = isSorted ? predicates[position] : undefined;
  if (!several && frequent) return yield* walkByName(dialect, source, query, { at: predicates.indexOf(frequent), parts });
  if (!several) return yield pageStatement(dialect, source, query, parts);
  const merged: SqlRecord[] = [];
  for (const value of new Set(several.values)) {
    const one = conditionOf(source, dialect, { field: several.field, operation: 'eq', values: [value] });
    const statement = { ...parts, conditions: conditions.with(position, one), counting: undefined };
    merged.push(...(yield pageStatement(dialect, source, query, statement)));
  }
  return merged.sort(inOrder(query.sort.descending)).slice(0, query.limit + 1);
}

/** I3, where names that many have may still all be old: those that are met at once, or all that the index finds. */
function* walkByName<Row>(
  dialect: SqlDialect,
  source: ListSource<Row>,
  query: ListQuery,
  { at, parts }: { readonly at: number; readonly parts: PageParts },
): Script<readonly SqlRecord[]> {
  const byName = { contains: parts.conditions[at]!, column: source.names!.column };
  const others = { ...parts, conditions: parts.conditions.toSpliced(at, 1) };
  const met = yield pageStatement(dialect, source, query, { ...others, byName: { ...byName, reach: 'near' } });
  if (met.length > query.limit) return met;
  return yield pageStatement(dialect, source, query, { ...others, byName: { ...byName, reach: 'far' } });
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
function countingOf<Row>(source: ListSource<Row>, conditions: readonly Statement[]): Statement {
  const from = fromOf(source);
  if (conditions.length === 0) return { sql: `select count(*) as total from ${from}`, values: [] };
  const matching = `select 1 from ${from}${whereOf(conditions)} limit ${COUNT_LIMIT}`;
  const values = conditions.flatMap((condition) => condition.values);
  return { sql: `select count(*) as total from (${matching}) as matching`, values };
}

function* countOf(statement: Statement): Script<number> {
  const [record] = yield statement;
  return record!['total'] as number;
}
