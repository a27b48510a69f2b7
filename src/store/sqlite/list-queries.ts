/** Pages of rows: filtered, sorted and counted along the indexes. Field names are checked against the contract's table. */
import type { StatementSync } from 'node:sqlite';
import { assert } from '../../base/assert.ts';
import { LIST_FIELDS, type ListName, type ListQuery, type Page, type Predicate } from '../catalogue-store.ts';
import type { SqlRecord } from '../catalogue-records.ts';
import type { Session } from './session.ts';

export interface ListSource<Row> {
  readonly list: ListName;
  /** What follows `select` up to the conditions; the columns of the fields can be named in it. */
  readonly selectFrom: string;
  /** Columns that need a table's name, or a value in place of NULL. */
  readonly columns?: Readonly<Record<string, string>>;
  readonly toRow: (record: SqlRecord) => Row;
  /** A quicker way to the number of rows, if the predicates allow it. */
  readonly count?: (predicates: readonly Predicate[]) => number | undefined;
}

interface Condition {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

const MAX_STATEMENTS = 200;

export function listWith<Row>(session: Session, source: ListSource<Row>): (query: ListQuery) => Page<Row> {
  const statements = new Map<string, StatementSync>();
  const prepared = (sql: string): StatementSync => {
    let statement = statements.get(sql);
    if (!statement) {
      if (statements.size >= MAX_STATEMENTS) statements.clear();
      statements.set(sql, (statement = session.database.prepare(sql)));
    }
    return statement;
  };
  const id = Object.keys(LIST_FIELDS[source.list])[0]!;
  return (query) => {
    const wanted = query.predicates.map((predicate) => conditionOf(source, predicate));
    const { sql, values } = pageSql(source, id, query, wanted);
    const records = prepared(sql).all(...values) as unknown as SqlRecord[];
    const rows = records.slice(0, query.limit);
    const last = rows.at(-1);
    const hasMore = records.length > query.limit && last !== undefined;
    return {
      rows: rows.map(source.toRow),
      total: source.count?.(query.predicates) ?? countAll(prepared, source, wanted),
      ...(hasMore ? { next: { value: last['sort_value'] as string | number, id: last['sort_id'] as string } } : {}),
    };
  };
}

function pageSql<Row>(source: ListSource<Row>, id: string, query: ListQuery, wanted: readonly Condition[]): Condition {
  const { field, descending } = query.sort;
  const sorted = columnOf(source, field);
  const idColumn = columnOf(source, id);
  const direction = descending ? 'desc' : 'asc';
  const key = field === id ? idColumn : `${sorted}, ${idColumn}`;
  const conditions = [...wanted];
  if (query.after) {
    const comparison = descending ? '<' : '>';
    conditions.push(
      field === id
        ? { sql: `${idColumn} ${comparison} ?`, values: [query.after.id] }
        : { sql: `(${key}) ${comparison} (?, ?)`, values: [query.after.value, query.after.id] },
    );
  }
  const order = key
    .split(', ')
    .map((column) => `${column} ${direction}`)
    .join(', ');
  const columns = source.selectFrom.replace(/^(.*?) from /s, `$1, ${sorted} as sort_value, ${idColumn} as sort_id from `);
  return {
    sql: `select ${columns}${whereOf(conditions)} order by ${order} limit ?`,
    values: [...conditions.flatMap(({ values }) => values), query.limit + 1],
  };
}

function countAll<Row>(prepared: (sql: string) => StatementSync, source: ListSource<Row>, wanted: readonly Condition[]): number {
  const from = source.selectFrom.slice(source.selectFrom.indexOf(' from '));
  const statement = prepared(`select count(*) as total${from}${whereOf(wanted)}`);
  return (statement.get(...wanted.flatMap(({ values }) => values)) as { readonly total: number }).total;
}

const whereOf = (conditions: readonly Condition[]): string =>
  conditions.length === 0 ? '' : ` where ${conditions.map(({ sql }) => sql).join(' and ')}`;

const COMPARISONS = { eq: '=', ne: '<>', lt: '<', le: '<=', gt: '>', ge: '>=' } as const;

function conditionOf<Row>(source: ListSource<Row>, { field, key, operation, values }: Predicate): Condition {
  const column = key === undefined ? columnOf(source, field) : `json_extract(${columnOf(source, field)}, ?)`;
  const path = key === undefined ? [] : [`$.${JSON.stringify(key)}`];
  if (isTime(source, field)) return timeCondition(column, operation, values);
  if (operation === 'in' || operation === 'notIn') {
    const marks = values.map(() => '?').join(', ');
    return { sql: `${column} ${operation === 'in' ? 'in' : 'not in'} (${marks})`, values: [...path, ...values] };
  }
  assert(values.length === 1, 'a comparison has one value');
  if (operation === 'contains') {
    const text = String(values[0]).replace(/[\\%_]/g, (character) => `\\${character}`);
    return { sql: `${column} like ? escape '\\'`, values: [...path, `%${text}%`] };
  }
  return { sql: `${column} ${COMPARISONS[operation]} ?`, values: [...path, ...values] };
}

const isTime = <Row>({ list }: ListSource<Row>, field: string): boolean =>
  (LIST_FIELDS[list] as Readonly<Record<string, string>>)[field] === 'time';

/** Orders are compared along the index, in milliseconds; equality in seconds. */
function timeCondition(column: string, operation: Predicate['operation'], values: Predicate['values']): Condition {
  const seconds = values.map(Number);
  const first = seconds[0] ?? 0;
  switch (operation) {
    case 'lt':
      return { sql: `${column} < ?`, values: [first * 1000] };
    case 'le':
      return { sql: `${column} < ?`, values: [(first + 1) * 1000] };
    case 'gt':
      return { sql: `${column} >= ?`, values: [(first + 1) * 1000] };
    case 'ge':
      return { sql: `${column} >= ?`, values: [first * 1000] };
    default: {
      const not = operation === 'ne' || operation === 'notIn' ? 'not ' : '';
      return { sql: `${column} / 1000 ${not}in (${seconds.map(() => '?').join(', ')})`, values: seconds };
    }
  }
}

function columnOf<Row>({ list, columns = {} }: ListSource<Row>, field: string): string {
  assert(Object.hasOwn(LIST_FIELDS[list], field), `${list} have no field ${field}`);
  return columns[field] ?? field;
}
