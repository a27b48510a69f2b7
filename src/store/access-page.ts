import type { ReferenceExpression, SelectQueryBuilder } from 'kysely';
import type { AccessSchema } from './access-records.ts';
import type { AccessPage, AccessQuery } from './access-store.ts';

/** What a page is made of: the id column that decides among rows of one millisecond, and the row a record stands for. */
export interface AccessPageOptions<Record, Row> {
  readonly id: string & keyof Record;
  readonly toRow: (record: Record) => Row;
  readonly query: AccessQuery;
  /** Newest first. Default: false. */
  readonly descending?: boolean;
}

/** A page of a table in the order of creation, found along the index of time and id. */
export async function accessPage<Table extends keyof AccessSchema, Row>(
  select: SelectQueryBuilder<AccessSchema, Table, AccessSchema[Table]>,
  { id, toRow, query, descending = false }: AccessPageOptions<AccessSchema[Table], Row>,
): Promise<AccessPage<Row>> {
  const { after, limit } = query;
  const direction = descending ? 'desc' : 'asc';
  const comparison = descending ? '<' : '>';
  const time = 'created_at_ms' as ReferenceExpression<AccessSchema, Table>;
  const key = id as ReferenceExpression<AccessSchema, Table>;
  const rest = after
    ? select.where((eb) =>
        eb.or([
          eb(time, comparison, after.createdAtMs as never),
          eb.and([eb(time, '=', after.createdAtMs as never), eb(key, comparison, after.id as never)]),
        ]),
      )
    : select;
  const ordered = rest.orderBy(time as never, direction).orderBy(key as never, direction);
  const records = (await ordered.limit(limit + 1).execute()) as readonly AccessSchema[Table][];
  const shown = records.slice(0, limit);
  const last = shown.at(-1);
  const hasMore = records.length > limit && last !== undefined;
  return {
    rows: shown.map(toRow),
    ...(hasMore ? { next: { createdAtMs: Number(last.created_at_ms), id: String(last[id]) } } : {}),
  };
}
