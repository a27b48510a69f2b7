import type { JsonValue } from '../../../src/base/json.ts';
import type { Native } from '../../api/operations.ts';

export type Parameter = Native<'InputParameter'>;
export type Values = Readonly<Record<string, JsonValue>>;
/** What stands in the form, by name. */
export type Texts = Readonly<Record<string, string>>;

/** A value as it is typed: texts as they are, everything else as JSON. */
export function textOfValue({ type }: Parameter, value: JsonValue | undefined): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string' && type !== 'LIST' && type !== 'STRUCT') return value;
  return typeof value === 'object' ? jsonText(value) : JSON.stringify(value);
}

/** Items and members a line each, as long as one fits on a line. */
function jsonText(value: object): string {
  const isList = Array.isArray(value);
  const lines = isList
    ? (value as readonly JsonValue[]).map((item) => JSON.stringify(item))
    : Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}: ${JSON.stringify(member)}`);
  const [open, close] = isList ? '[]' : '{}';
  const flat = `${open}${lines.join(', ')}${close}`;
  if (flat.length <= MAX_LINE) return flat;
  return `${open}\n${lines.map((line) => `  ${line}`).join(',\n')}\n${close}`;
}

const MAX_LINE = 60;

/** What the form starts with: the given values, then the defaults. */
export function initialTexts(parameters: readonly Parameter[], given: Values): Texts {
  return Object.fromEntries(
    parameters.map((parameter) => {
      const name = parameter.name ?? '';
      // One that is the default is written like it, whatever the order of its members.
      const isGiven = Object.hasOwn(given, name) && !(parameter.has_default && isSame(given[name], parameter.default));
      return [name, textOfValue(parameter, isGiven ? given[name] : parameter.default)];
    }),
  );
}

export type Reading =
  | { readonly kind: 'value'; readonly value: JsonValue }
  /** Left to the pipeline's default, or not given at all. */
  | { readonly kind: 'left' }
  | { readonly kind: 'error'; readonly message: string };

/** What a text means for a parameter. */
export function readParameter(parameter: Parameter, text: string): Reading {
  if (text.trim() === '' && parameter.type !== 'STRING') {
    if (parameter.is_optional || parameter.has_default) return { kind: 'left' };
    return { kind: 'error', message: 'A value is needed.' };
  }
  if (text === '' && parameter.default !== '') {
    if (parameter.is_optional && !parameter.has_default) return { kind: 'left' };
    if (!parameter.has_default) return { kind: 'error', message: 'A value is needed.' };
  }
  const reading = readText(parameter.type, text);
  if (reading.kind !== 'value') return reading;
  if (parameter.has_default && isSame(reading.value, parameter.default)) return { kind: 'left' };
  if (parameter.literals && !parameter.literals.some((literal) => isSame(literal, reading.value))) {
    return { kind: 'error', message: `One of ${parameter.literals.map((literal) => JSON.stringify(literal)).join(', ')}.` };
  }
  return reading;
}

function readText(type: string | undefined, text: string): Reading {
  const trimmed = text.trim();
  switch (type) {
    case 'NUMBER_INTEGER':
      if (!/^[-+]?\d+$/.test(trimmed)) return { kind: 'error', message: 'A whole number, such as 12.' };
      return { kind: 'value', value: Number(trimmed) };
    case 'NUMBER_DOUBLE':
      if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(trimmed))
        return { kind: 'error', message: 'A number, such as 0.95 or 1e-3.' };
      return { kind: 'value', value: Number(trimmed) };
    case 'BOOLEAN':
      if (trimmed !== 'true' && trimmed !== 'false') return { kind: 'error', message: 'true or false.' };
      return { kind: 'value', value: trimmed === 'true' };
    case 'LIST':
    case 'STRUCT':
      return readJson(type, trimmed);
    default:
      return { kind: 'value', value: text };
  }
}

function readJson(type: 'LIST' | 'STRUCT', text: string): Reading {
  const example = type === 'LIST' ? 'A list in JSON, such as [1, 2].' : 'An object in JSON, such as {"rate": 0.1}.';
  try {
    const value = JSON.parse(text) as JsonValue;
    const isRight = type === 'LIST' ? Array.isArray(value) : typeof value === 'object' && value !== null && !Array.isArray(value);
    return isRight ? { kind: 'value', value } : { kind: 'error', message: example };
  } catch (error) {
    return { kind: 'error', message: `${example} ${(error as Error).message}.` };
  }
}

/** All values that are given, and what is wrong with the others. */
export function readAll(
  parameters: readonly Parameter[],
  texts: Texts,
): { readonly values: Values; readonly errors: Readonly<Record<string, string>> } {
  const values: Record<string, JsonValue> = {};
  const errors: Record<string, string> = {};
  for (const parameter of parameters) {
    const name = parameter.name ?? '';
    const reading = readParameter(parameter, texts[name] ?? '');
    if (reading.kind === 'value') values[name] = reading.value;
    if (reading.kind === 'error') errors[name] = reading.message;
  }
  return { values, errors };
}

/** Values a parameter had in recent runs, each once, the newest first, without the one that stands there. */
export function recentValues(parameter: Parameter, recent: readonly Values[], text: string): string[] {
  const name = parameter.name ?? '';
  const texts = recent.filter((values) => Object.hasOwn(values, name)).map((values) => textOfValue(parameter, values[name]));
  return [...new Set(texts)].filter((other) => other !== text).slice(0, MAX_RECENT);
}

const MAX_RECENT = 6;

function isSame(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(value: JsonValue | undefined): JsonValue | undefined {
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map((item) => sorted(item) ?? null);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value as Readonly<Record<string, JsonValue>>).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([name, member]) => [name, sorted(member) ?? null]));
}
