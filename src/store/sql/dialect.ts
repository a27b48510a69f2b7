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
  /** Names are searched in tables of their own (`run_names`), or along an index of their rows. */
  readonly nameIndex: 'table' | 'rows';
  /** The texts of a column as one JSON list; NULL if there is none. */
  readonly jsonList: (column: string) => string;
  /** The items (as `value`) of a JSON list of texts, which is the one value of the statement. */
  readonly jsonItems: string;
  /** Whether a page's rows are best taken where they are met; if not, first their ids, along narrower indexes. */
  readonly pagesWholeRows: boolean;
  /** Whether rows are counted by the statement that reads the page. */
  readonly countsWithPage: boolean;
}

export const SQLITE_DIALECT: SqlDialect = {
  like: 'like',
  member: (column) => `json_extract(${column}, ?)`,
  memberKey: (name) => `$.${JSON.stringify(name)}`,
  largest: (column, name) =>
    `(select max(json_extract(value, '$.value')) from json_each(${column}) where json_extract(value, '$.name') = '${name}')`,
  withoutIndex: (column) => `+${column}`,
  orderedByHand: '+',
  nameIndex: 'table',
  jsonList: (column) => `json_group_array(${column})`,
  jsonItems: 'select value from json_each(?)',
  pagesWholeRows: false,
  countsWithPage: false,
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
  nameIndex: 'rows',
  jsonList: (column) => `json_agg(${column})::text`,
  jsonItems: 'select value from json_array_elements_text(?::json)',
  pagesWholeRows: true,
  countsWithPage: true,
};
