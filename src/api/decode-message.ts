import { unreachable } from '../base/assert.ts';
import { isJsonObject, type JsonValue } from '../base/json.ts';
import type { FieldKind, Message, MessageSchema, ScalarName, Schemas } from './message.ts';
import { camelCase, fieldKind } from './message.ts';

/** What is wrong with a message that a client sent. `token` is the text to point at in what was sent, if there is one. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
  readonly token: string | undefined;

  constructor(message: string, token?: string) {
    super(message);
    this.token = token;
  }
}

/**
 * A message out of JSON, in protojson's manner: names in snake_case or lowerCamelCase, null is not set, enums by name or number,
 * int64 as number or text. A field that is not in the schema, or a value of another type, throws DecodeError.
 */
export function decodeMessage<S extends Schemas, Name extends keyof S & string>(
  schemas: S,
  name: Name,
  json: JsonValue,
): Message<S, Name> {
  return decodeNamed(schemas, name, json, name) as Message<S, Name>;
}

function decodeNamed(schemas: Schemas, name: string, json: JsonValue, path: string): Readonly<Record<string, unknown>> {
  if (!isJsonObject(json)) throw new DecodeError(`unexpected value for ${path}: an object is needed`);
  const fields = fieldsOf(schemas, name);
  const message: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(json)) {
    const field = fields.get(key);
    if (!field) throw new DecodeError(`unknown field "${key}"`, key);
    if (Object.hasOwn(message, field.name)) throw new DecodeError(`duplicate field "${key}"`, key);
    if (value === null && !isValue(field.kind)) continue;
    message[field.name] = decodeField(schemas, field.kind, value, field.name);
  }
  return message;
}

const isValue = (kind: FieldKind): boolean => kind.kind === 'scalar' && kind.scalar === 'value';

interface Field {
  readonly name: string;
  readonly kind: FieldKind;
}

const known = new WeakMap<Schemas, Map<string, ReadonlyMap<string, Field>>>();

/** A message's fields under each of their names. */
function fieldsOf(schemas: Schemas, name: string): ReadonlyMap<string, Field> {
  let bySchema = known.get(schemas);
  if (!bySchema) known.set(schemas, (bySchema = new Map()));
  let fields = bySchema.get(name);
  if (!fields) {
    const all = Object.entries(schemas[name] as MessageSchema).flatMap(([field, type]): [string, Field][] => {
      const entry = { name: field, kind: fieldKind(schemas, type) };
      return [
        [camelCase(field), entry],
        [field, entry],
      ];
    });
    bySchema.set(name, (fields = new Map(all)));
  }
  return fields;
}

function decodeField(schemas: Schemas, kind: FieldKind, json: JsonValue, path: string): unknown {
  switch (kind.kind) {
    case 'scalar':
      return SCALAR_DECODERS[kind.scalar](json, path);
    case 'enum':
      return decodeEnum(kind.values, json, path);
    case 'message':
      return decodeNamed(schemas, kind.name, json, path);
    case 'list':
      if (!Array.isArray(json)) throw invalid('list', path, json);
      return (json as readonly JsonValue[]).map((item) => decodeField(schemas, kind.item, item, path));
    case 'map':
      if (!isJsonObject(json)) throw invalid('map', path, json);
      return Object.fromEntries(Object.entries(json).map(([key, item]) => [key, decodeField(schemas, kind.item, item, path)]));
    default:
      return unreachable(kind);
  }
}

/** A number that no value has is 0, as for a client that is newer than the server. */
export function decodeEnum(values: readonly (string | null)[], json: JsonValue, path: string): string {
  if (typeof json === 'string' && values.includes(json)) return json;
  if (typeof json === 'number' && Number.isInteger(json)) return values[json] ?? values[0]!;
  throw invalid('enum', path, json);
}

const SCALAR_DECODERS: Readonly<Record<ScalarName, (json: JsonValue, path: string) => JsonValue>> = {
  string: (json, path) => checked(typeof json === 'string', 'string', path, json),
  bool: (json, path) => checked(typeof json === 'boolean', 'bool', path, json),
  int32: (json, path) => integer(json, { path, kind: 'int32', limit: 2 ** 31 }),
  int64: (json, path) => integer(json, { path, kind: 'int64', limit: Number.MAX_SAFE_INTEGER }),
  double: decodeDouble,
  timestamp: decodeTimestamp,
  instant: decodeTimestamp,
  struct: (json, path) => checked(isJsonObject(json), 'Struct', path, json),
  value: (json) => json,
};

function checked(isRight: boolean, kind: string, path: string, json: JsonValue): JsonValue {
  if (!isRight) throw invalid(kind, path, json);
  return json;
}

function integer(json: JsonValue, expected: { readonly path: string; readonly kind: string; readonly limit: number }): number {
  const text = typeof json === 'string' && /^-?\d{1,19}(\.0+)?$/.test(json) ? Number(json) : json;
  if (typeof text !== 'number' || !Number.isInteger(text) || text < -expected.limit || text >= expected.limit) {
    throw invalid(expected.kind, expected.path, json);
  }
  return text;
}

function decodeDouble(json: JsonValue, path: string): number {
  const value = typeof json === 'string' && json.trim() !== '' ? Number(json) : json;
  if (typeof value !== 'number' || !Number.isFinite(value)) throw invalid('double', path, json);
  return value;
}

const RFC_3339 = /^(\d{4})-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)$/;

/** Epoch milliseconds of an RFC 3339 time. */
export function decodeTimestamp(json: JsonValue, path: string): number {
  const ms = typeof json === 'string' && RFC_3339.test(json) ? Date.parse(json.toUpperCase()) : Number.NaN;
  if (Number.isNaN(ms)) throw invalid('google.protobuf.Timestamp', path, json);
  return ms;
}

function invalid(kind: string, path: string, json: JsonValue): DecodeError {
  const shown = JSON.stringify(json);
  return new DecodeError(
    `invalid value for ${kind} field ${path}: ${shown.length > 80 ? `${shown.slice(0, 80)}…` : shown}`,
    path,
  );
}
