/** A row of a table as a database gives it: columns by their names. */
export type SqlRecord = Readonly<Record<string, string | number | null>>;

/** How a property is kept: as it is in the column of this name, as JSON text, or as 0 and 1. */
export type Column = string | { readonly json: string } | { readonly flag: string };

/** One column for each property of a row; what is neither text nor number says how it is written. */
export type RowColumns<Row> = {
  readonly [Name in keyof Row]-?: Row[Name] extends string | number | null
    ? string
    : Row[Name] extends boolean
      ? { readonly flag: string }
      : { readonly json: string };
};

export interface RowMapping<Row> {
  readonly toRecord: (row: Row) => SqlRecord;
  readonly toRow: (record: SqlRecord) => Row;
}

/** Both directions between rows of a contract and records of a table. Records have their columns in the order of the table here. */
export function rowColumns<Row extends object>(table: RowColumns<Row>): RowMapping<Row> {
  const columns = Object.entries<Column>(table);
  return {
    toRecord: (row) =>
      Object.fromEntries(columns.map(([name, column]) => [nameOf(column), written(column, row[name as keyof Row])])),
    toRow: (record) => Object.fromEntries(columns.map(([name, column]) => [name, read(column, record[nameOf(column)])])) as Row,
  };
}

function nameOf(column: Column): string {
  if (typeof column === 'string') return column;
  return 'json' in column ? column.json : column.flag;
}

function written(column: Column, value: unknown): string | number | null {
  if (typeof column === 'string') return value as string | number | null;
  return 'json' in column ? JSON.stringify(value) : Number(value);
}

function read(column: Column, value: SqlRecord[string] | undefined): unknown {
  if (typeof column === 'string') return value;
  return 'json' in column ? JSON.parse(value as string) : value === 1;
}
