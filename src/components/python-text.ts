/** Text as Python writes it: steps written for the Python SDK parse these forms, so they must match to the character. */

/** `str(float)`: shortest digits that read back, an exponent of at least two digits below 1e-4 and from 1e16. */
export function pythonFloatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Object.is(value, -0)) return '-0.0';
  const [mantissa = '', exponentText = '0'] = value.toExponential().split('e');
  const exponent = Number(exponentText);
  if (value !== 0 && (exponent < -4 || exponent >= 16)) {
    const sign = exponent < 0 ? '-' : '+';
    return `${mantissa}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  return plainDecimal(mantissa, exponent);
}

function plainDecimal(mantissa: string, exponent: number): string {
  const sign = mantissa.startsWith('-') ? '-' : '';
  const digits = mantissa.replace('-', '').replace('.', '');
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  const fraction = digits.slice(exponent + 1);
  return `${sign}${whole}.${fraction === '' ? '0' : fraction}`;
}

export function pythonBooleanText(value: boolean): string {
  return value ? 'True' : 'False';
}

/** `str(int)`; a number beyond 2^53 is written out in full instead of with an exponent. */
export function pythonIntegerText(value: number | bigint): string {
  return BigInt(value).toString();
}

/** A number with no fraction is Python's int up to 1e16; from there Python would write a float with an exponent. */
export function isPythonInteger(value: number): boolean {
  return Number.isInteger(value) && Math.abs(value) < 1e16;
}

/** `json.dumps(value, sort_keys=…)`: `", "` and `": "` between members, everything outside ASCII escaped. */
export function pythonJson(value: unknown, options: { readonly sortKeys: boolean }): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return asciiString(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return numberInJson(value);
  if (typeof value !== 'object') return value === true ? 'true' : 'false';
  if (Array.isArray(value)) return `[${value.map((item) => pythonJson(item, options)).join(', ')}]`;
  const keys = Object.keys(value).filter((key) => (value as Record<string, unknown>)[key] !== undefined);
  if (options.sortKeys) keys.sort(compareCodePoints);
  const members = keys.map((key) => `${asciiString(key)}: ${pythonJson((value as Record<string, unknown>)[key], options)}`);
  return `{${members.join(', ')}}`;
}

function numberInJson(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  return isPythonInteger(value) ? pythonIntegerText(value) : pythonFloatText(value);
}

function asciiString(text: string): string {
  return JSON.stringify(text).replace(/[\u007f-\uffff]/g, (unit) => {
    // DEL is ASCII and Python leaves it alone.
    return unit === '\u007f' ? unit : `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** Python orders strings by code point, JavaScript by UTF-16 unit. */
function compareCodePoints(left: string, right: string): number {
  const a = Array.from(left);
  const b = Array.from(right);
  for (let index = 0; index < Math.min(a.length, b.length); index += 1) {
    const difference = a[index]!.codePointAt(0)! - b[index]!.codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** `int(text)`: decimal digits with optional sign, single underscores between digits, blanks around; undefined otherwise. */
export function parsePythonInteger(text: string): bigint | undefined {
  const match = /^\s*([+-]?)(\d+(?:_\d+)*)\s*$/.exec(text);
  if (!match) return undefined;
  const digits = BigInt(match[2]!.replaceAll('_', ''));
  return match[1] === '-' ? -digits : digits;
}

/** `float(text)`; undefined when Python would refuse it. */
export function parsePythonFloat(text: string): number | undefined {
  const trimmed = text.trim().replace(/(?<=\d)_(?=\d)/g, '');
  const special = /^([+-]?)(inf(?:inity)?|nan)$/i.exec(trimmed);
  if (special) {
    if (special[2]!.toLowerCase() === 'nan') return Number.NaN;
    return special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(trimmed) ? Number(trimmed) : undefined;
}

const TRUE_WORDS = ['y', 'yes', 't', 'true', 'on', '1'];
const FALSE_WORDS = ['n', 'no', 'f', 'false', 'off', '0'];

/** `distutils.util.strtobool`; undefined for a word it does not know. */
export function parsePythonBoolean(text: string): boolean | undefined {
  const word = text.toLowerCase();
  if (TRUE_WORDS.includes(word)) return true;
  return FALSE_WORDS.includes(word) ? false : undefined;
}
