import type { Predicate } from '../catalogue-store.ts';
import { conditionOf } from './conditions.ts';
import type { SqlDialect } from './dialect.ts';
import { COUNT_LIMIT, idColumnOf, type ListSource, type NameSearch } from './list-source.ts';
import type { Script, Statement } from './script.ts';

/** So many rows are sorted faster than others would be met by walking. */
const MAX_FOUND = COUNT_LIMIT;

export interface Search {
  readonly predicate: Predicate;
  /** Undefined: the index of names knows nothing of the text. */
  readonly names: NameSearch | undefined;
}

/** The part of a name that is looked for, if one is. */
export function* searchOf<Row>(
  dialect: SqlDialect,
  { names, list }: ListSource<Row>,
  predicates: readonly Predicate[],
): Script<Search | undefined> {
  const predicate = predicates.find(({ field, operation }) => field === names?.field && operation === 'contains');
  if (!names || !predicate) return undefined;
  const contains = conditionOf({ list, columns: { [names.field]: names.column } }, dialect, predicate);
  const [sampled] = names.sample ? yield names.sample : [];
  const sample = JSON.parse((sampled?.['names'] as string | null | undefined) ?? '[]') as readonly string[];
  return { predicate, names: names.find(String(predicate.values[0]), contains, sample) };
}

export interface FoundByName {
  readonly condition: Statement;
  readonly total: number;
}

/** `many`: more names contain the text than should be sorted. `unknown`: only a walk can tell. */
export function* findByName<Row>(
  dialect: SqlDialect,
  source: ListSource<Row>,
  { names }: Search,
): Script<FoundByName | 'many' | 'unknown'> {
  if (!names) return 'unknown';
  const [found] = yield {
    sql: `select count(*) as total, case when count(*) <= ${MAX_FOUND} then ${dialect.jsonList('id')} end as ids
      from (${names.ids.sql} limit ${MAX_FOUND + 1}) as found`,
    values: names.ids.values,
  };
  const total = found!['total'] as number;
  if (total > MAX_FOUND) return 'many';
  if (names.leftOut && (yield names.leftOut)[0]!['total']) return 'unknown';
  const ids = (found!['ids'] as string | null) ?? '[]';
  return { condition: { sql: `${idColumnOf(source)} in (${dialect.jsonItems})`, values: [ids] }, total };
}
