/** Any value JSON can carry. Everything a pipeline passes by value is one of these. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;

export type JsonObject = { readonly [key: string]: JsonValue };

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The word KFP's error messages use for the kind of a value: "null", "boolean", "number", "string", "list", "struct". */
export function jsonKind(value: JsonValue): 'null' | 'boolean' | 'number' | 'string' | 'list' | 'struct' {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'object') return 'struct';
  return typeof value as 'boolean' | 'number' | 'string';
}

/**
 * JSON with sorted keys and no spaces, with `<`, `>` and `&` escaped as Go's encoder does: equal values give equal text,
 * so that a hash of it identifies the value. Members that are `undefined` are left out.
 */
export function canonicalJson(value: unknown): string {
  return sortedJson(value).replace(/[<>&\u2028\u2029]/g, escapeLikeGo);
}

function sortedJson(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(',')}]`;
  const members: string[] = [];
  for (const key of Object.keys(value).sort()) {
    const member = (value as Record<string, unknown>)[key];
    if (member !== undefined) members.push(`${JSON.stringify(key)}:${sortedJson(member)}`);
  }
  return `{${members.join(',')}}`;
}

function escapeLikeGo(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
