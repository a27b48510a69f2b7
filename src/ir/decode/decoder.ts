/**
 * A small strict decoder for proto-JSON. Each decoder knows its type; a message is a table of fields, and the tables together
 * are the list of every field of the IR we know. All problems of a document are reported, not the first only.
 */
import { isJsonObject, jsonKind, type JsonObject, type JsonValue } from '../../base/json.ts';
import { nearestName } from '../../base/nearest-name.ts';
import type { Path, ProblemList } from '../problem-list.ts';

export interface DecodeContext {
  readonly problems: ProblemList;
  /** Unknown fields are left out with a warning instead of being errors. */
  readonly lenient: boolean;
}

export interface Decoder<T> {
  /** "a string", "a list": for messages. */
  readonly name: string;
  /** Null is a value of its own here (google.protobuf.Value); elsewhere it means that the field is absent. */
  readonly takesNull?: boolean;
  /** Undefined if there is a problem, which has then been reported. */
  decode(value: JsonValue, path: Path, context: DecodeContext): T | undefined;
}

type Decoded<D> = D extends Decoder<infer T> ? T : never;
type Fields = Readonly<Record<string, Decoder<unknown>>>;
export type Message<F extends Fields> = { readonly [K in keyof F]?: Decoded<F[K]> };

function wrongType(name: string, value: JsonValue, path: Path, { problems }: DecodeContext, hint?: string): undefined {
  problems.add(path, `expected ${name}, found a ${jsonKind(value)}`, { hint });
  return undefined;
}

export const string: Decoder<string> = {
  name: 'a string',
  decode(value, path, context) {
    if (typeof value === 'string') return value;
    const isScalar = typeof value === 'number' || typeof value === 'boolean';
    return wrongType('a string', value, path, context, isScalar ? `Put it in quotes: "${value}".` : undefined);
  },
};

export const boolean: Decoder<boolean> = {
  name: 'true or false',
  decode: (value, path, context) => (typeof value === 'boolean' ? value : wrongType('true or false', value, path, context)),
};

/** int32 and int64: a number, or its digits as text. */
export const integer: Decoder<number> = {
  name: 'an integer',
  decode(value, path, context) {
    const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
    if (typeof number === 'number' && Number.isInteger(number)) return number;
    return wrongType('an integer', value, path, context);
  },
};

export const double: Decoder<number> = {
  name: 'a number',
  decode(value, path, context) {
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    return typeof number === 'number' && Number.isFinite(number) ? number : wrongType('a number', value, path, context);
  },
};

/** google.protobuf.Duration: "60s", "1.5s". Milliseconds. */
export const durationMs: Decoder<number> = {
  name: 'a duration',
  decode(value, path, context) {
    const match = typeof value === 'string' ? /^(-?\d+(?:\.\d{1,9})?)s$/.exec(value) : null;
    if (match) return Math.round(Number(match[1]) * 1000);
    return wrongType('a duration', value, path, context, 'Write seconds with an s, such as "60s".');
  },
};

/** google.protobuf.Value: anything, null included. */
export const anyValue: Decoder<JsonValue> = { name: 'a value', takesNull: true, decode: (value) => value };

/** google.protobuf.Struct. */
export const struct: Decoder<JsonObject> = {
  name: 'an object',
  decode: (value, path, context) => (isJsonObject(value) ? value : wrongType('an object', value, path, context)),
};

/** An enum by name or by number. The number 0 is "unspecified" everywhere and counts as absent. */
export function enumOf<N extends string>(numbers: Readonly<Record<N, number>>, unspecified: string): Decoder<N> {
  const names = Object.keys(numbers) as N[];
  return {
    name: `one of ${names.join(', ')}`,
    decode(value, path, { problems }) {
      if (value === 0 || value === unspecified) return undefined;
      const found = names.find((name) => name === value || numbers[name] === value);
      if (found === undefined) {
        const near = typeof value === 'string' ? nearestName(value, names) : undefined;
        problems.add(path, `${JSON.stringify(value)} is not one of ${names.join(', ')}`, {
          hint: near && `Did you mean ${near}?`,
        });
      }
      return found;
    },
  };
}

export function listOf<T>(item: Decoder<T>): Decoder<readonly T[]> {
  return {
    name: 'a list',
    decode(value, path, context) {
      if (!Array.isArray(value)) return wrongType('a list', value, path, context);
      return (value as readonly JsonValue[]).flatMap((element, index) => {
        if (element === null && !item.takesNull) return wrongType(item.name, element, [...path, index], context) ?? [];
        const decoded = item.decode(element, [...path, index], context);
        return decoded === undefined ? [] : [decoded];
      });
    },
  };
}

export function mapOf<T>(item: Decoder<T>): Decoder<Readonly<Record<string, T>>> {
  return {
    name: 'an object',
    decode(value, path, context) {
      if (!isJsonObject(value)) return wrongType('an object', value, path, context);
      const decoded: Record<string, T> = {};
      for (const [key, element] of Object.entries(value)) {
        const place = [...path, key];
        if (key === '__proto__') context.problems.add(place, 'this name cannot be used');
        else if (element === null && !item.takesNull) wrongType(item.name, element, place, context);
        else {
          const member = item.decode(element, place, context);
          if (member !== undefined) decoded[key] = member;
        }
      }
      return decoded;
    },
  };
}

/** Below here unknown fields are left out with a warning: KFP does so in deploymentSpec, so that newer SDKs can add to it. */
export function lenient<T>(decoder: Decoder<T>): Decoder<T> {
  return { ...decoder, decode: (value, path, context) => decoder.decode(value, path, { ...context, lenient: true }) };
}

/**
 * A message: fields by their lowerCamel names, also taken in snake_case. `oneofs`: groups of fields of which only one may be
 * present.
 */
export function message<F extends Fields>(
  fields: F,
  options: { readonly oneofs?: readonly (readonly (keyof F & string)[])[] } = {},
): Decoder<Message<F>> & { readonly fields: F } {
  return {
    name: 'an object',
    fields,
    decode(value, path, context) {
      if (!isJsonObject(value)) return wrongType('an object', value, path, context);
      const decoded: Record<string, unknown> = {};
      const spellings = new Map<string, string>();
      for (const [key, member] of Object.entries(value)) {
        const name = fieldName(key, fields);
        if (name === undefined) {
          reportUnknown(key, fields, path, context);
          continue;
        }
        if (member === null && !fields[name]!.takesNull) continue;
        const other = spellings.get(name);
        if (other !== undefined) {
          context.problems.add([...path, key], `the field ${name} is given twice, as ${other} and as ${key}`);
          continue;
        }
        spellings.set(name, key);
        decoded[name] = fields[name]!.decode(member, [...path, key], context);
        if (decoded[name] === undefined) delete decoded[name];
      }
      for (const group of options.oneofs ?? []) reportOneof(group, spellings, path, context);
      return decoded as Message<F>;
    },
  };
}

function fieldName(key: string, fields: Fields): string | undefined {
  if (Object.hasOwn(fields, key)) return key;
  if (!key.includes('_')) return undefined;
  const camel = key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  return Object.hasOwn(fields, camel) ? camel : undefined;
}

function reportUnknown(key: string, fields: Fields, path: Path, { problems, lenient: isLenient }: DecodeContext): void {
  const near = nearestName(key, Object.keys(fields));
  const hint = near ? `Did you mean ${near}?` : `Known here: ${Object.keys(fields).join(', ')}.`;
  if (isLenient) problems.add([...path, key], `unknown field "${key}" is ignored`, { hint, severity: 'warning' });
  else problems.add([...path, key], `unknown field "${key}"`, { hint });
}

function reportOneof(
  group: readonly string[],
  spellings: ReadonlyMap<string, string>,
  path: Path,
  { problems }: DecodeContext,
): void {
  const present = group.filter((name) => spellings.has(name));
  if (present.length < 2) return;
  problems.add([...path, spellings.get(present[1]!)!], `only one of ${present.join(' and ')} may be given`);
}
