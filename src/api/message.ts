import type { JsonObject, JsonValue } from '../base/json.ts';

/**
 * Messages of the wire as data. A set of schemas maps a message's name to its fields and an enum's name to its values; a field is
 * written as the name of its type: a scalar, another name of the set, `T[]` or `map<T>`. In memory a message is an object with the
 * proto's snake_case names, timestamps are epoch milliseconds and int64 are numbers; fields that are not set are absent.
 */
export type Schemas = Readonly<Record<string, MessageSchema | EnumSchema>>;
export type MessageSchema = Readonly<Record<string, string>>;
/** The values by number; null where a number is not used. */
export type EnumSchema = readonly (string | null)[];

export interface Scalars {
  readonly string: string;
  readonly bool: boolean;
  readonly int32: number;
  readonly int64: number;
  readonly double: number;
  /** Epoch milliseconds, written in whole seconds. */
  readonly timestamp: number;
  /** Epoch milliseconds, written with them; only in our own API. */
  readonly instant: number;
  readonly struct: JsonObject;
  readonly value: JsonValue;
}

export type ScalarName = keyof Scalars;

/** The type of a message, derived from its schema. */
export type Message<S extends Schemas, Name extends string> = S[Name] extends MessageSchema
  ? { readonly [Field in keyof S[Name]]?: FieldType<S, S[Name][Field]> }
  : never;

export type FieldType<S extends Schemas, Type extends string> = Type extends `${infer Item}[]`
  ? readonly FieldType<S, Item>[]
  : Type extends `map<${infer Item}>`
    ? Readonly<Record<string, FieldType<S, Item>>>
    : Type extends ScalarName
      ? Scalars[Type]
      : S[Type] extends EnumSchema
        ? NonNullable<S[Type][number]>
        : Message<S, Type>;

/** A field's type taken apart. */
export type FieldKind =
  | { readonly kind: 'scalar'; readonly scalar: ScalarName }
  | { readonly kind: 'list'; readonly item: FieldKind }
  | { readonly kind: 'map'; readonly item: FieldKind }
  | { readonly kind: 'enum'; readonly name: string; readonly values: EnumSchema }
  | { readonly kind: 'message'; readonly name: string };

const SCALARS: ReadonlySet<string> = new Set<ScalarName>([
  'string',
  'bool',
  'int32',
  'int64',
  'double',
  'timestamp',
  'instant',
  'struct',
  'value',
]);

export function fieldKind(schemas: Schemas, type: string): FieldKind {
  if (type.endsWith('[]')) return { kind: 'list', item: fieldKind(schemas, type.slice(0, -2)) };
  if (type.startsWith('map<')) return { kind: 'map', item: fieldKind(schemas, type.slice(4, -1)) };
  if (SCALARS.has(type)) return { kind: 'scalar', scalar: type as ScalarName };
  const schema = schemas[type];
  if (schema === undefined) throw new Error(`bug: there is no message ${type}`);
  return Array.isArray(schema) ? { kind: 'enum', name: type, values: schema } : { kind: 'message', name: type };
}

/** `page_size` → `pageSize`: the other name protojson accepts. */
export function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
