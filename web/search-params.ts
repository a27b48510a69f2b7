/**
 * What stands behind the `?` of an address: names and texts, nothing else, so that addresses can be read and typed by people. A page
 * says which names it knows; what it does not know is dropped.
 */
export type SearchParams = Readonly<Record<string, string>>;

export function parseSearch(search: string): SearchParams {
  return Object.fromEntries([...new URLSearchParams(search)].filter(([, value]) => value !== ''));
}

export function stringifySearch(search: Readonly<Record<string, unknown>>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    if (value !== undefined && value !== null && value !== '' && value !== false)
      parameters.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  return parameters.size === 0 ? '' : `?${parameters}`;
}

/** `validateSearch` of a route: keeps the named parameters. */
export function keep<Name extends string>(...names: readonly Name[]) {
  return (search: Readonly<Record<string, unknown>>): { readonly [Key in Name]?: string } =>
    Object.fromEntries(names.flatMap((name) => (typeof search[name] === 'string' ? [[name, search[name]]] : []))) as {
      readonly [Key in Name]?: string;
    };
}
