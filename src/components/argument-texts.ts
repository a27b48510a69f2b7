import type { Problem } from '../base/errors.ts';
import type { ComponentDefinition, ComponentInput, Constant } from './component-definition.ts';
import { didYouMean } from './nearest-names.ts';
import { parsePythonFloat, parsePythonInteger, pythonFloatText } from './python-text.ts';
import { serializeValue, type ArgumentValue } from './serialize-value.ts';

/** Values by input name (the names of the file, not their Python forms). An input that is undefined counts as not passed. */
export type Arguments = Readonly<Record<string, ArgumentValue | undefined>>;

/**
 * How a default becomes the text of an argument that was left out. `as-written`: the text Python has for it. `compiled`: what
 * the 1.8 compiler writes into a workflow, where Integer and Float defaults are read and written again ("1" becomes 1.0 for a
 * Float) and other types must have a text form for the kind of the default.
 */
export type DefaultsMode = 'as-written' | 'compiled';

export interface ArgumentTexts {
  /** Present for every input that was passed or has a default. */
  readonly texts: ReadonlyMap<string, string>;
  readonly problems: readonly Problem[];
}

export function argumentTexts(component: ComponentDefinition, given: Arguments, defaults: DefaultsMode): ArgumentTexts {
  const problems = unknownArguments(component, given);
  const texts = new Map<string, string>();
  for (const input of component.inputs) {
    const value = Object.hasOwn(given, input.name) ? given[input.name] : undefined;
    const text = value === undefined ? defaultText(input, defaults) : argumentText(input, value);
    if (typeof text === 'string') texts.set(input.name, text);
    else if (text !== undefined) problems.push(text);
  }
  return { texts, problems };
}

function unknownArguments(component: ComponentDefinition, given: Arguments): Problem[] {
  const known = component.inputs.map((input) => input.name);
  return Object.keys(given)
    .filter((name) => given[name] !== undefined && !known.includes(name))
    .map((name) => {
      const hint = didYouMean(name, known) ?? `inputs: ${known.join(', ') || 'none'}`;
      return { path: `arguments.${name}`, message: `there is no input "${name}"`, hint };
    });
}

function argumentText(input: ComponentInput, value: ArgumentValue): string | Problem {
  const serialized = serializeValue(value, input.type);
  if (serialized.ok) return serialized.text;
  return { path: `arguments.${input.name}`, message: serialized.message, hint: 'pass text, or a value of the declared type' };
}

/** One value of each kind that is no text, to ask whether a type takes the kind. */
const SAMPLES = { integer: 1, float: 0.5, boolean: true } as const;

function defaultText(input: ComponentInput, mode: DefaultsMode): string | Problem | undefined {
  const constant = input.default;
  if (constant === undefined || mode === 'as-written') return constant?.text;
  if (input.type === 'Integer') return wholeText(constant) ?? badDefault(input, constant, 'whole number');
  if (input.type === 'Float') return floatText(constant) ?? badDefault(input, constant, 'number');
  const fits = constant.kind === 'string' || serializeValue(SAMPLES[constant.kind], input.type).ok;
  return fits ? constant.text : badDefault(input, constant, `value of type ${JSON.stringify(input.type)}`);
}

/** Python's `str(int(…))`. */
function wholeText(constant: Constant): string | undefined {
  if (constant.kind === 'boolean') return constant.value === true ? '1' : '0';
  if (constant.kind !== 'float') return parsePythonInteger(constant.text)?.toString();
  return Number.isFinite(constant.value) ? BigInt(Math.trunc(Number(constant.value))).toString() : undefined;
}

/** Python's `str(float(…))`. */
function floatText(constant: Constant): string | undefined {
  const value = constant.kind === 'boolean' ? Number(constant.value) : parsePythonFloat(constant.text);
  return value === undefined ? undefined : pythonFloatText(value);
}

function badDefault(input: ComponentInput, constant: Constant, expected: string): Problem {
  return {
    path: `inputs.${input.name}.default`,
    message: `the default "${constant.text}" is no ${expected}`,
    hint: `pass a value for "${input.name}" or correct the default`,
  };
}
