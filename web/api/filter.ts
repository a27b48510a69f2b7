export type Condition =
  | readonly [key: string, operation: 'EQUALS' | 'NOT_EQUALS' | 'IS_SUBSTRING', value: string]
  | readonly [key: string, operation: 'LESS_THAN', at: Date]
  | readonly [key: string, operation: 'IN', values: readonly string[]];

/** The filter of a list as KFP's API wants it: JSON in a parameter. */
export function filterText(conditions: readonly Condition[]): string | undefined {
  if (conditions.length === 0) return undefined;
  const predicates = conditions.map(([key, operation, value]) => {
    if (typeof value === 'string') return { key, operation, string_value: value };
    if (value instanceof Date) return { key, operation, timestamp_value: value.toISOString() };
    return { key, operation, string_values: { values: value } };
  });
  return JSON.stringify({ predicates });
}
