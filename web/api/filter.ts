export type Condition =
  | readonly [key: string, operation: 'EQUALS' | 'NOT_EQUALS' | 'IS_SUBSTRING', value: string]
  | readonly [key: string, operation: 'IN', values: readonly string[]];

/** The filter of a list as KFP's API wants it: JSON in a parameter. */
export function filterText(conditions: readonly Condition[]): string | undefined {
  if (conditions.length === 0) return undefined;
  const predicates = conditions.map(([key, operation, value]) =>
    typeof value === 'string' ? { key, operation, string_value: value } : { key, operation, string_values: { values: value } },
  );
  return JSON.stringify({ predicates });
}
