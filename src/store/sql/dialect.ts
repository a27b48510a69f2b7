/** What differs in the SQL of the databases as far as shared scripts are concerned. */
export interface SqlDialect {
  /** Compares a text with a pattern without telling cases apart. */
  readonly like: 'like' | 'ilike';
  /** The member of a column that holds a JSON object, as text; its one value is what `memberKey` makes of the name. */
  readonly member: (column: string) => string;
  readonly memberKey: (name: string) => string;
  /**
   * The largest `value` among the objects of this `name` in a column that holds a JSON list; NULL if there is none. The name is
   * written into the statement.
   */
  readonly largest: (column: string, name: string) => string;
  /** A column in a condition, marked so that the planner does not choose an index for it. */
  readonly withoutIndex: (column: string) => string;
  /** In front of a column of an order that is not to be walked along. */
  readonly orderedByHand: '+' | '';
  /** Whether names are searched in an index of their own first (`run_names`), or the database knows itself which index serves. */
  readonly searchesNamesFirst: boolean;
}

export const SQLITE_DIALECT: SqlDialect = {
  like: 'like',
  member: (column) => `json_extract(${column}, ?)`,
  memberKey: (name) => `$.${JSON.stringify(name)}`,
  largest: (column, name) =>
    `(select max(json_extract(value, '$.value')) from json_each(${column}) where json_extract(value, '$.name') = '${name}')`,
  withoutIndex: (column) => `+${column}`,
  orderedByHand: '+',
  searchesNamesFirst: true,
};

export const POSTGRES_DIALECT: SqlDialect = {
  like: 'ilike',
  member: (column) => `(${column}::jsonb ->> ?)`,
  memberKey: (name) => name,
  largest: (column, name) =>
    `(select max((item ->> 'value')::float8) from jsonb_array_elements(${column}::jsonb) as item where item ->> 'name' = '${name}')`,
  // It knows how many rows have which value.
  withoutIndex: (column) => column,
  orderedByHand: '',
  searchesNamesFirst: false,
};
