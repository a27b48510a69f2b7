import type { JsonValue } from '../base/json.ts';
import { pythonBooleanText, pythonFloatText } from './python-text.ts';

/** A YAML scalar with the type PyYAML gives it: component files are typed by YAML 1.1 rules, not by YAML 1.2's. */
export interface TypedScalar {
  readonly type: 'string' | 'integer' | 'float' | 'boolean' | 'null' | 'timestamp' | 'merge' | 'unsupported';
  readonly value: JsonValue;
  /** What Python's `str()` makes of the value. */
  readonly text: string;
}

const NULLS = /^(?:~|null|Null|NULL|)$/;
const BOOLEANS = /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/;
const TRUE_WORDS = ['yes', 'true', 'on'];
const INTEGER =
  /^(?:[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;
/** A float has a dot, and its exponent a sign: `1e3` is a string. */
const FLOAT =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const TIMESTAMP =
  /^(?:\d{4}-\d\d-\d\d|\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?)$/;

/** The type of a plain scalar without a tag. */
export function typedPlainScalar(source: string): TypedScalar {
  if (NULLS.test(source)) return { type: 'null', value: null, text: 'None' };
  if (BOOLEANS.test(source)) return booleanScalar(source);
  if (INTEGER.test(source)) return integerScalar(source);
  if (FLOAT.test(source)) return floatScalar(source);
  if (TIMESTAMP.test(source)) return { type: 'timestamp', value: source, text: source };
  // Merges as a key, and has no meaning anywhere else.
  if (source === '<<') return { type: 'merge', value: source, text: source };
  // `=` is YAML 1.1's default value, for which PyYAML has no constructor.
  if (source === '=') return { type: 'unsupported', value: source, text: source };
  return stringScalar(source);
}

/** A scalar with an explicit tag such as `!!str 5`; `unsupported` for a tag that PyYAML's safe loader does not know. */
export function typedTaggedScalar(source: string, tag: string): TypedScalar {
  const short = /^(?:!!|!?<?tag:yaml\.org,2002:)(\w+)>?$/.exec(tag)?.[1];
  if (tag === '!' || short === 'str') return stringScalar(source);
  if (short === 'null') return { type: 'null', value: null, text: 'None' };
  if (short === 'int' && INTEGER.test(source)) return integerScalar(source);
  if (short === 'float' && (FLOAT.test(source) || INTEGER.test(source))) return floatScalar(source);
  if (short === 'bool' && BOOLEANS.test(source)) return booleanScalar(source);
  return { type: 'unsupported', value: source, text: source };
}

export function stringScalar(source: string): TypedScalar {
  return { type: 'string', value: source, text: source };
}

function booleanScalar(source: string): TypedScalar {
  const value = TRUE_WORDS.includes(source.toLowerCase());
  return { type: 'boolean', value, text: pythonBooleanText(value) };
}

function integerScalar(source: string): TypedScalar {
  const digits = source.replaceAll('_', '').replace(/^[-+]/, '');
  const magnitude = unsignedInteger(digits);
  const value = source.startsWith('-') ? -magnitude : magnitude;
  return { type: 'integer', value: Number(value), text: value.toString() };
}

function unsignedInteger(digits: string): bigint {
  if (digits.includes(':')) return digits.split(':').reduce((sum, part) => sum * 60n + BigInt(part), 0n);
  if (/^0[bx]/.test(digits)) return BigInt(digits);
  return digits.length > 1 && digits.startsWith('0') ? BigInt(`0o${digits.slice(1)}`) : BigInt(digits);
}

function floatScalar(source: string): TypedScalar {
  const plain = source.replaceAll('_', '').toLowerCase();
  const value = floatValue(plain.replace(/^[-+]/, '')) * (plain.startsWith('-') ? -1 : 1);
  return { type: 'float', value, text: pythonFloatText(value) };
}

function floatValue(digits: string): number {
  if (digits === '.inf') return Number.POSITIVE_INFINITY;
  if (digits === '.nan') return Number.NaN;
  if (digits.includes(':')) return digits.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return Number(digits);
}
