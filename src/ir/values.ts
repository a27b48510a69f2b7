/**
 * Parameter values: as text, from text, checked against what is declared, filled with defaults. The rules and messages are
 * KFP's (backend/src/v2/metadata/converter.go, driver/resolve.go, apiserver/template/v2_template.go).
 */
import type { Problem } from '../base/errors.ts';
import { nearestName } from '../base/nearest-name.ts';
import { canonicalJson, isJsonObject, jsonKind, type JsonObject, type JsonValue } from '../base/json.ts';
import type { ParameterDefinition, ParameterType, PipelineSpec } from './spec.ts';

export type ValueResult =
  | { readonly kind: 'value'; readonly value: JsonValue }
  | { readonly kind: 'error'; readonly message: string };

const valueOf = (value: JsonValue): ValueResult => ({ kind: 'value', value });
const errorOf = (message: string): ValueResult => ({ kind: 'error', message });

/** What a step is handed for a value: null is empty, numbers never have an exponent, lists and structs are compact JSON. */
export function valueToText(value: JsonValue): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return numberToText(value);
  return typeof value === 'boolean' ? String(value) : JSON.stringify(value);
}

/** The shortest decimal digits that give the number back, without an exponent: 1e21 is a one and 21 zeros. */
function numberToText(value: number): string {
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(String(value));
  if (!match) return String(value);
  const [, sign = '', first = '', rest = '', exponentText] = match;
  const exponent = Number(exponentText);
  const digits = first + rest;
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  return sign + digits.padEnd(exponent + 1, '0');
}

/** Reads the text of an output parameter's file. A STRING is taken verbatim; everything else must be exactly of its type. */
export function textToValue(type: ParameterType, text: string): ValueResult {
  switch (type) {
    case 'STRING':
      return valueOf(text);
    case 'NUMBER_INTEGER':
      return readNumber(type, text, /^[+-]?\d+$/);
    case 'NUMBER_DOUBLE':
      return readNumber(type, text, /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i);
    case 'BOOLEAN':
      if (GO_TRUE.test(text.trim())) return valueOf(true);
      return GO_FALSE.test(text.trim()) ? valueOf(false) : notOfType(type, text);
    case 'LIST':
    case 'STRUCT':
    case 'TASK_FINAL_STATUS':
    case 'TASK_CONFIG':
      return readJson(type, text);
  }
}

/** What Go's strconv.ParseBool takes. */
const GO_TRUE = /^(1|t|T|TRUE|true|True)$/;
const GO_FALSE = /^(0|f|F|FALSE|false|False)$/;
const MAX_INT64 = 2 ** 63;

function readNumber(type: ParameterType, text: string, form: RegExp): ValueResult {
  const value = form.test(text.trim()) ? Number(text.trim()) : Number.NaN;
  const fits = type === 'NUMBER_INTEGER' ? value >= -MAX_INT64 && value <= MAX_INT64 : Number.isFinite(value);
  return fits ? valueOf(value) : notOfType(type, text);
}

function readJson(type: ParameterType, text: string): ValueResult {
  try {
    const value = JSON.parse(text) as JsonValue;
    if (isOfType(type, value)) return valueOf(value);
  } catch {
    // Reported below like any other text that is not of the type.
  }
  return notOfType(type, text);
}

function notOfType(type: ParameterType, text: string): ValueResult {
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return errorOf(`${JSON.stringify(shown)} is not a value of type ${type}`);
}

/** Whether a JSON value is of a parameter type. NUMBER_INTEGER takes any number, as KFP does; null is of no type. */
export function isOfType(type: ParameterType, value: JsonValue): boolean {
  switch (type) {
    case 'STRING':
      return typeof value === 'string';
    case 'NUMBER_INTEGER':
    case 'NUMBER_DOUBLE':
      return typeof value === 'number';
    case 'BOOLEAN':
      return typeof value === 'boolean';
    case 'LIST':
      return Array.isArray(value);
    case 'STRUCT':
    case 'TASK_FINAL_STATUS':
    case 'TASK_CONFIG':
      return isJsonObject(value);
  }
}

/** Checks a task's input against its declaration. The only conversion there is: anything handed to a STRING becomes text. */
export function convertInput(name: string, definition: ParameterDefinition, value: JsonValue): ValueResult {
  if (value === null) return errorOf(`got null for input parameter "${name}"`);
  const type = definition.parameterType;
  const converted = type === 'STRING' ? valueToText(value) : value;
  if (!isOfType(type, converted))
    return errorOf(`input parameter "${name}" type mismatch: expect ${type}, got ${jsonKind(value)}`);
  if (!matchesLiterals(definition, converted)) return errorOf(literalMessage(name, definition, converted));
  return valueOf(converted);
}

/** Without literals anything matches; with them, the value must equal one. */
export function matchesLiterals(definition: ParameterDefinition, value: JsonValue): boolean {
  const { literals } = definition;
  return !literals?.length || literals.some((literal) => canonicalJson(literal) === canonicalJson(value));
}

function literalMessage(name: string, definition: ParameterDefinition, value: JsonValue): string {
  const allowed = (definition.literals ?? []).map((literal) => JSON.stringify(literal)).join(', ');
  return `input parameter "${name}" value ${JSON.stringify(value)} does not match any of the allowed literal values: [${allowed}]`;
}

/**
 * What is wrong with the arguments of a run; empty if it can start. Nothing is converted: "5" for an integer is a problem.
 * `artifactNames`: the root's input artifacts that are given. Default: none.
 */
export function checkArguments(
  spec: PipelineSpec,
  args: JsonObject,
  options: { readonly artifactNames?: Iterable<string> } = {},
): Problem[] {
  const { parameters, artifacts } = spec.root.inputDefinitions;
  const problems: Problem[] = [];
  for (const [name, definition] of Object.entries(parameters)) {
    const message = argumentMessage(name, definition, Object.hasOwn(args, name) ? args[name] : undefined);
    if (message) problems.push({ path: `arguments.${name}`, message, ...hintFor(definition) });
  }
  const extra = Object.keys(args).filter((name) => !Object.hasOwn(parameters, name));
  if (extra.length > 0) {
    const near = extra.map((name) => nearestName(name, Object.keys(parameters))).filter((name) => name !== undefined);
    const meant = near.length === 0 ? '' : `Did you mean ${near.join(', ')}? `;
    const hint = `${meant}The pipeline's parameters are: ${Object.keys(parameters).join(', ') || '(none)'}.`;
    problems.push({
      path: 'arguments',
      message: `parameter(s) provided are not required by pipeline: ${extra.join(', ')}`,
      hint,
    });
  }
  const given = new Set(options.artifactNames);
  for (const [name, { isOptional }] of Object.entries(artifacts)) {
    if (isOptional || given.has(name)) continue;
    const message = `input artifact ${name} is not optional, yet none is given`;
    problems.push({ path: `artifacts.${name}`, message, hint: 'Give the URI of an artifact for it.' });
  }
  return problems;
}

function hintFor(definition: ParameterDefinition): { hint?: string } {
  return definition.description ? { hint: definition.description } : {};
}

const KIND_WORDS = { STRING: 'string', BOOLEAN: 'bool', LIST: 'list', STRUCT: 'struct' } as const;

function argumentMessage(name: string, definition: ParameterDefinition, value: JsonValue | undefined): string | undefined {
  const type = definition.parameterType;
  if (value === undefined) {
    if (definition.isOptional || definition.defaultValue !== undefined) return undefined;
    return `parameter ${name} is not optional, yet has neither default value nor user provided value`;
  }
  if (type === 'TASK_FINAL_STATUS') return `input parameter ${name} requires type ${type}, which is invalid for root component`;
  if (type === 'TASK_CONFIG') return `input parameter ${name} requires type unknown`;
  if (!isOfType(type, value)) {
    if (type === 'NUMBER_INTEGER' || type === 'NUMBER_DOUBLE') {
      return `input parameter ${name} requires type double or integer, but the parameter value is not of number value type`;
    }
    return `input parameter ${name} requires type ${KIND_WORDS[type]}, but the input parameter is not of ${KIND_WORDS[type]} value type`;
  }
  return matchesLiterals(definition, value) ? undefined : literalMessage(name, definition, value);
}

/** The root's inputs: the arguments, then defaults, then null for optional parameters that have neither. */
export function fillArguments(spec: PipelineSpec, args: JsonObject): JsonObject {
  const filled: Record<string, JsonValue> = { ...args };
  for (const [name, { defaultValue, isOptional }] of Object.entries(spec.root.inputDefinitions.parameters)) {
    if (Object.hasOwn(filled, name)) continue;
    if (defaultValue !== undefined) filled[name] = defaultValue;
    else if (isOptional) filled[name] = null;
  }
  return filled;
}

const QUANTITY = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([eE][+-]?\d+)|(n|u|m|k|K|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei))?$/;
// prettier-ignore
const SUFFIXES: Readonly<Record<string, number>> = {
  n: 1e-9, u: 1e-6, m: 1e-3, k: 1e3, K: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18,
  Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50, Ei: 2 ** 60,
};

/** A Kubernetes quantity in its base unit: cores for cpu ("500m" is 0.5), bytes for memory ("2Gi"). Undefined if it is none. */
export function parseQuantity(text: string): number | undefined {
  const match = QUANTITY.exec(text.trim());
  if (!match) return undefined;
  const [, digits = '', exponent = '', suffix] = match;
  // Dividing is exact where multiplying with 0.001 is not: 1001m is 1.001 cores.
  if (suffix === 'm') return Number(digits) / 1000;
  return Number(digits + exponent) * (suffix === undefined ? 1 : SUFFIXES[suffix]!);
}

/** A cpu quantity in whole millicores, rounded up as Kubernetes does. */
export function parseCpuMillis(text: string): number | undefined {
  const cores = parseQuantity(text);
  return cores === undefined ? undefined : Math.ceil(Number((cores * 1000).toPrecision(15)));
}

/** A memory quantity in whole bytes, rounded up. */
export function parseMemoryBytes(text: string): number | undefined {
  const bytes = parseQuantity(text);
  return bytes === undefined ? undefined : Math.ceil(bytes);
}
