import { isPythonInteger, pythonBooleanText, pythonFloatText, pythonIntegerText, pythonJson } from './python-text.ts';
import type { PortType } from './component-definition.ts';

/** A value a user may pass for an input. `bigint` is for integers beyond 2^53. */
export type ArgumentValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly ArgumentValue[]
  | { readonly [key: string]: ArgumentValue };

export type Serialized = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly message: string };

type Kind = 'string' | 'integer' | 'float' | 'boolean' | 'json' | 'pickle';

const KIND_OF_TYPE: Readonly<Record<string, Kind>> = {
  String: 'string',
  str: 'string',
  Integer: 'integer',
  int: 'integer',
  Float: 'float',
  float: 'float',
  Boolean: 'boolean',
  Bool: 'boolean',
  bool: 'boolean',
  JsonArray: 'json',
  List: 'json',
  list: 'json',
  JsonObject: 'json',
  Dictionary: 'json',
  Dict: 'json',
  dict: 'json',
  Json: 'json',
  Base64Pickle: 'pickle',
};

/** `typing.List[int]` → `List`: the word a serializer is looked up by. */
export function shortTypeName(type: string): string {
  return /^(?:typing\.)?([\p{L}\p{N}_]+)(?:\[.+\])?/u.exec(type)?.[1] ?? type;
}

/**
 * The text a step gets for a constant, by the type of its input. Text passes as it is, whatever the type; other values need a
 * type with a known text form. Without a type the value itself decides.
 */
export function serializeValue(value: ArgumentValue, type: PortType | undefined): Serialized {
  if (typeof value === 'string') return { ok: true, text: value };
  const typeName = type ?? typeNameOf(value);
  const kind = typeof typeName === 'string' ? knownKind(shortTypeName(typeName)) : undefined;
  if (kind === undefined || kind === 'pickle') {
    return {
      ok: false,
      message: `a value of type "${typeText(typeName)}" must be given as text; there is no known text form for ${describe(value)}`,
    };
  }
  const text = serializers[kind](value);
  if (text === undefined) return { ok: false, message: `the type is "${typeText(typeName)}", but ${describe(value)} was given` };
  return { ok: true, text };
}

function knownKind(name: string): Kind | undefined {
  return Object.hasOwn(KIND_OF_TYPE, name) ? KIND_OF_TYPE[name] : undefined;
}

const serializers: Readonly<Record<Exclude<Kind, 'pickle'>, (value: ArgumentValue) => string | undefined>> = {
  // Text never comes here.
  string: () => undefined,
  // Python's bool is an int, and prints as True.
  integer: (value) => (typeof value === 'boolean' ? pythonBooleanText(value) : wholeText(value)),
  float: (value) => (typeof value === 'boolean' ? pythonBooleanText(value) : numberText(value)),
  boolean: (value) => (typeof value === 'boolean' ? pythonBooleanText(value) : undefined),
  json: (value) => pythonJson(value, { sortKeys: true }),
};

function wholeText(value: ArgumentValue): string | undefined {
  if (typeof value === 'bigint') return value.toString();
  return typeof value === 'number' && Number.isInteger(value) ? pythonIntegerText(value) : undefined;
}

function numberText(value: ArgumentValue): string | undefined {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'number') return undefined;
  return isPythonInteger(value) ? pythonIntegerText(value) : pythonFloatText(value);
}

function typeNameOf(value: ArgumentValue): string {
  if (value === null) return 'NoneType';
  if (typeof value === 'boolean') return 'Boolean';
  if (typeof value === 'bigint') return 'Integer';
  if (typeof value === 'number') return isPythonInteger(value) ? 'Integer' : 'Float';
  return Array.isArray(value) ? 'JsonArray' : 'JsonObject';
}

/** A type as shown to a user. */
export function typeText(type: PortType): string {
  return typeof type === 'string' ? type : JSON.stringify(type);
}

function describe(value: ArgumentValue): string {
  if (value === null) return 'null';
  if (typeof value === 'object') return Array.isArray(value) ? 'a list' : 'an object';
  return `the ${typeof value === 'bigint' ? 'number' : typeof value} ${String(value)}`;
}
