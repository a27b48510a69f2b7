/** What differs in the SQL of the databases as far as shared scripts are concerned. */
export interface SqlDialect {
  /** Compares a text with a pattern without telling cases apart. */
  readonly like: 'like' | 'ilike';
  /** The member of a column that holds a JSON object, as text; its one value is what `memberKey` makes of the name. */
  readonly member: (column: string) => string;
  readonly memberKey: (name: string) => string;
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
  withoutIndex: (column) => `+${column}`,
  orderedByHand: '+',
  searchesNamesFirst: true,
};

export const POSTGRES_DIALECT: SqlDialect = {
  like: 'ilike',
  member: (column) => `(${column}::jsonb ->> ?)`,
  memberKey: (name) => name,
  // It knows how many rows have which value.
  withoutIndex: (column) => column,
  orderedByHand: '',
  searchesNamesFirst: false,
};
