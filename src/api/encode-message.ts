import { unreachable } from '../base/assert.ts';
import type { JsonObject, JsonValue } from '../base/json.ts';
import type { FieldKind, Message, MessageSchema, ScalarName, Schemas } from './message.ts';
import { fieldKind } from './message.ts';

/**
 * A message as JSON, in protojson's manner: proto names, fields with zero values left out, int64 as text, enums by name. A
 * timestamp that is set is written even when it is the epoch: clients read that as "not yet". Null is written only inside
 * structs and values.
 */
export function encodeMessage<S extends Schemas, Name extends keyof S & string>(
  schemas: S,
  name: Name,
  message: Message<S, Name>,
): JsonObject {
  return encodeNamed(schemas, name, message as Readonly<Record<string, unknown>>);
}

function encodeNamed(schemas: Schemas, name: string, message: Readonly<Record<string, unknown>>): JsonObject {
  const json: Record<string, JsonValue> = {};
  for (const [field, encodeField] of encodersOf(schemas, name)) {
    const value = message[field];
    if (value === undefined) continue;
    const encoded = encodeField(value);
    if (encoded !== undefined) json[field] = encoded;
  }
  return json;
}

/** Undefined for a zero value. */
type Encoder = (value: unknown) => JsonValue | undefined;

const known = new WeakMap<Schemas, Map<string, readonly (readonly [string, Encoder])[]>>();

/** The encoders of a message's fields, made once for each schema. */
function encodersOf(schemas: Schemas, name: string): readonly (readonly [string, Encoder])[] {
  let bySchema = known.get(schemas);
  if (!bySchema) known.set(schemas, (bySchema = new Map()));
  let encoders = bySchema.get(name);
  if (!encoders) {
    const fields = Object.entries(schemas[name] as MessageSchema);
    encoders = fields.map(([field, type]) => [field, encoderOf(schemas, fieldKind(schemas, type))] as const);
    bySchema.set(name, encoders);
  }
  return encoders;
}

function encoderOf(schemas: Schemas, kind: FieldKind): Encoder {
  switch (kind.kind) {
    case 'scalar':
      return SCALAR_ENCODERS[kind.scalar];
    case 'enum':
      return (value) => (value === kind.values[0] ? undefined : (value as string));
    case 'message':
      return (value) => encodeNamed(schemas, kind.name, value as Readonly<Record<string, unknown>>);
    case 'list': {
      const item = withZero(kind.item, encoderOf(schemas, kind.item));
      return (value) => ((value as readonly unknown[]).length === 0 ? undefined : (value as readonly unknown[]).map(item));
    }
    case 'map': {
      const item = withZero(kind.item, encoderOf(schemas, kind.item));
      return (value) => {
        const entries = Object.entries(value as object);
        return entries.length === 0 ? undefined : Object.fromEntries(entries.map(([key, member]) => [key, item(member)]));
      };
    }
    default:
      return unreachable(kind);
  }
}

/** Members of lists and maps are written also when they are zero. */
function withZero(kind: FieldKind, encode: Encoder): (value: unknown) => JsonValue {
  return (value) => {
    const encoded = encode(value);
    if (encoded !== undefined) return encoded;
    return kind.kind === 'scalar' && kind.scalar === 'int64' ? '0' : (value as JsonValue);
  };
}

const unlessZero = (value: unknown): JsonValue | undefined => (value ? (value as JsonValue) : undefined);
const asIs = (value: unknown): JsonValue => value as JsonValue;

const SCALAR_ENCODERS: Readonly<Record<ScalarName, Encoder>> = {
  string: unlessZero,
  bool: unlessZero,
  int32: unlessZero,
  double: unlessZero,
  int64: (value) => (value ? String(value as number) : undefined),
  timestamp: (value) => formatTimestamp(value as number),
  instant: (value) => new Date(value as number).toISOString(),
  struct: asIs,
  value: asIs,
};

/** RFC 3339 in UTC with whole seconds, which is what the reference server's database keeps. */
export function formatTimestamp(ms: number): string {
  return `${new Date(Math.floor(ms / 1000) * 1000).toISOString().slice(0, 19)}Z`;
}
