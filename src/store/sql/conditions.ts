/** Predicates of a list as conditions of a `where`. Field names are checked against the contract's table. */
import { assert } from '../../base/assert.ts';
import { RUN_STATES } from '../../model/states.ts';
import { LIST_FIELDS, type ListName, type Predicate } from '../catalogue-store.ts';
import type { SqlDialect } from './dialect.ts';
import { marks, type Statement } from './script.ts';

export interface ListColumns {
  readonly list: ListName;
  /** Columns that need a table's name, or have another one than the field. */
  readonly columns?: Readonly<Record<string, string>>;
}

export function columnOf({ list, columns = {} }: ListColumns, field: string): string {
  assert(Object.hasOwn(LIST_FIELDS[list], field), `${list} have no field ${field}`);
  return columns[field] ?? field;
}

export const whereOf = (conditions: readonly Statement[]): string =>
  conditions.length === 0 ? '' : ` where ${conditions.map(({ sql }) => sql).join(' and ')}`;

const COMPARISONS = { eq: '=', ne: '<>', lt: '<', le: '<=', gt: '>', ge: '>=' } as const;

export function conditionOf(source: ListColumns, dialect: SqlDialect, { field, key, operation, values }: Predicate): Statement {
  const column = key === undefined ? columnOf(source, field) : dialect.member(columnOf(source, field));
  const member = key === undefined ? [] : [dialect.memberKey(key)];
  if ((LIST_FIELDS[source.list] as Readonly<Record<string, string>>)[field] === 'time')
    return timeCondition(column, operation, values);
  if (operation === 'in' || operation === 'notIn') {
    const sql = `${column} ${operation === 'in' ? 'in' : 'not in'} (${marks(values) || 'null'})`;
    return { sql, values: [...member, ...values] };
  }
  assert(values.length === 1, 'a comparison has one value');
  if (operation === 'contains') {
    const text = String(values[0]).replace(/[\\%_]/g, (character) => `\\${character}`);
    return { sql: `${column} ${dialect.like} ? escape '\\'`, values: [...member, `%${text}%`] };
  }
  return { sql: `${column} ${COMPARISONS[operation]} ?`, values: [...member, ...values] };
}

/** Beyond any date, and still a whole number to every database. */
const MAX_MS = 9e15;

/** Orders are compared along the index, in milliseconds; equality in seconds. */
function timeCondition(column: string, operation: Predicate['operation'], values: Predicate['values']): Statement {
  const seconds = values.map(Number);
  const from = (second: number): number => Math.max(-MAX_MS, Math.min(MAX_MS, Math.ceil(second * 1000)));
  const first = seconds[0] ?? 0;
  switch (operation) {
    case 'lt':
      return { sql: `${column} < ?`, values: [from(first)] };
    case 'le':
      return { sql: `${column} < ?`, values: [from(first + 1)] };
    case 'gt':
      return { sql: `${column} >= ?`, values: [from(first + 1)] };
    case 'ge':
      return { sql: `${column} >= ?`, values: [from(first)] };
    default: {
      const isNot = operation === 'ne' || operation === 'notIn';
      const ranges = seconds.map(() => `(${column} >= ? and ${column} < ?)`).join(' or ') || '1 = 0';
      return {
        sql: isNot ? `not (${ranges})` : `(${ranges})`,
        values: seconds.flatMap((second) => [from(second), from(second + 1)]),
      };
    }
  }
}

/** All there is of a field with few values: what is not one of some is one of the others, and those can be walked to. */
const ALL_VALUES: Readonly<Record<string, readonly string[]>> = {
  storage_state: ['AVAILABLE', 'ARCHIVED'],
  state: Object.keys(RUN_STATES),
};

export function positively(predicate: Predicate): Predicate {
  const { field, operation, values } = predicate;
  const all = ALL_VALUES[field];
  if (!all || (operation !== 'ne' && operation !== 'notIn')) return predicate;
  return { field, operation: 'in', values: all.filter((value) => !values.includes(value)) };
}
