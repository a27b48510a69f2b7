import type { Predicate } from '../catalogue-store.ts';
import { LIST_FIELDS } from '../catalogue-store.ts';
import type { SqlRecord } from '../row-columns.ts';
import { columnOf, type ListColumns } from './conditions.ts';
import type { Statement } from './script.ts';

/** What a list is read from. The columns of its fields can be named in conditions, orders and `select`. */
export interface ListSource<Row> extends ListColumns {
  readonly select: string;
  readonly table: string;
  /** Tables with at most one row for each row of `table`. */
  readonly joined?: string;
  /** What rows are sorted by where a column may be NULL: that has no place in an order. */
  readonly sortColumns?: Readonly<Record<string, string>>;
  readonly toRow: (record: SqlRecord) => Row;
  /** A kept number of rows, if the predicates allow it. */
  readonly count?: (predicates: readonly Predicate[]) => Statement | undefined;
  /** Fields of which many rows have the same value: their index serves only when nothing else does. */
  readonly broad?: readonly string[];
  readonly names?: NameIndex;
}

/** An index of the texts of a field by what they contain. */
export interface NameIndex {
  readonly field: string;
  /** What the field is called where it is searched. */
  readonly column: string;
  /** The field in a condition that the index is not to be used for. */
  readonly withoutIndex: string;
  /** Undefined if the index is of no use for the text. */
  readonly find: (text: string, contains: Statement, sample: readonly string[]) => NameSearch | undefined;
  /** Asks for some names (as JSON, `names`) by which `find` is told what most names have. */
  readonly sample?: Statement;
}

export interface NameSearch {
  /** The ids (as `id`) of rows whose field contains a text. */
  readonly ids: Statement;
  /** Whether (as `total`) there were more candidates than were looked at, so that ids may be missing; absent: all were. */
  readonly leftOut?: Statement;
}

/** Counting further would take longer than the page. */
export const COUNT_LIMIT = 2_000;

export const fromOf = <Row>({ table, joined = '' }: ListSource<Row>): string => `${table} ${joined}`.trimEnd();

export const idOf = (source: ListColumns): string => Object.keys(LIST_FIELDS[source.list])[0]!;

export const idColumnOf = (source: ListColumns): string => columnOf(source, idOf(source));
