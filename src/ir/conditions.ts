/**
 * Trigger conditions and parameter expression selectors: KFP's small dialect of CEL (backend/src/v2/expression/expression.go).
 * The library decides types before it runs; operators between kinds, which KFP allows, are added in front of it.
 */
import { createRequire } from 'node:module';
import type * as Cel from '@marcbachmann/cel-js';
import { isJsonObject, type JsonValue } from '../base/json.ts';
import type { StepInputs } from './executor-input.ts';
import { type ValueResult, valueToText } from './values.ts';

export type ConditionResult =
  | { readonly kind: 'value'; readonly value: boolean }
  | { readonly kind: 'error'; readonly message: string };

/** Evaluates a condition over a task's resolved inputs. An error fails the task; it does not skip it. */
export function evaluateCondition(text: string, inputs: StepInputs): ConditionResult {
  const result = evaluate(text, { inputs: inputsForCel(inputs) });
  if (result.kind === 'error') return result;
  if (typeof result.value !== 'boolean') return { kind: 'error', message: 'evaluation error: return type is not bool' };
  return { kind: 'value', value: result.value };
}

/** Applies a selector such as `parseJson(string_value)["key"]` to a value. */
export function evaluateSelector(selector: string, value: JsonValue): ValueResult {
  return evaluate(selector, { [fieldOf(value)]: value, string_value: valueToText(value) });
}

/** What is wrong with an expression before it has any values; undefined if it can be evaluated. */
export function expressionProblem(text: string): string | undefined {
  try {
    compile(text);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

function inputsForCel({ parameters, artifacts }: StepInputs): unknown {
  const lists = Object.entries(artifacts).map(([name, list]) => [name, { artifacts: list.map(artifactForCel) }]);
  return { parameter_values: parameters, artifacts: Object.fromEntries(lists) };
}

function artifactForCel({ name, uri, type, metadata }: StepInputs['artifacts'][string][number]): unknown {
  const { schemaTitle = '', schemaVersion = '', instanceSchema = '' } = type;
  const typeForCel = { schema_title: schemaTitle, schema_version: schemaVersion, instance_schema: instanceSchema };
  return { name, uri, type: typeForCel, metadata, properties: metadata, custom_properties: metadata };
}

/** The member of google.protobuf.Value that holds a value. */
function fieldOf(value: JsonValue): string {
  if (value === null) return 'null_value';
  if (Array.isArray(value)) return 'list_value';
  if (typeof value === 'object') return 'struct_value';
  return { number: 'number_value', string: 'string_value', boolean: 'bool_value' }[
    typeof value as 'number' | 'string' | 'boolean'
  ];
}

function evaluate(text: string, variables: Record<string, unknown>): ValueResult {
  try {
    return { kind: 'value', value: toJson(compile(text)(variables)) };
  } catch (error) {
    return { kind: 'error', message: messageOf(error) };
  }
}

/** CEL's integers are bigint; everything handed on is JSON. */
function toJson(value: unknown): JsonValue {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(toJson);
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [String(key), toJson(item)]));
  if (isJsonObject(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toJson(item)]));
  return value as JsonValue;
}

const MAX_COMPILED = 1000;
const compiled = new Map<string, Cel.ParseResult>();

/** Throws the library's errors. A loop evaluates one text thousands of times, so the last thousand are kept. */
function compile(text: string): Cel.ParseResult {
  const known = compiled.get(text);
  if (known) return known;
  const expression = environment().parse(text);
  if (compiled.size >= MAX_COMPILED) compiled.delete(compiled.keys().next().value!);
  compiled.set(text, expression);
  return expression;
}

/** Loaded with the first expression: many pipelines have none. */
const library = (): typeof Cel => createRequire(import.meta.url)('@marcbachmann/cel-js') as typeof Cel;

let sharedEnvironment: Cel.Environment | undefined;

function environment(): Cel.Environment {
  if (sharedEnvironment) return sharedEnvironment;
  const environment = new (library().Environment)({ unlistedVariablesAreDyn: true, homogeneousAggregateLiterals: false });
  environment.registerFunction('parseJson(string): dyn', (text: string) => JSON.parse(text) as unknown);
  addMixedEquality(environment);
  sharedEnvironment = environment;
  return environment;
}

/** `==` between kinds: numbers compare as numbers whatever their kind, everything else differs. */
function addMixedEquality(environment: Cel.Environment): void {
  const kinds = ['int', 'uint', 'double', 'string', 'bool', 'null', 'list', 'map'];
  const numeric = new Set(['int', 'uint', 'double']);
  kinds.forEach((left, index) => {
    for (const right of kinds.slice(index + 1)) {
      const bothNumbers = numeric.has(left) && numeric.has(right);
      environment.registerOperator(`${left} == ${right}`, (a: unknown, b: unknown) => bothNumbers && Number(a) === Number(b));
    }
  });
}

/** The library's messages carry a picture of the source after the first line. */
function messageOf(error: unknown): string {
  const [firstLine = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  const word = error instanceof library().ParseError ? 'syntax error' : 'evaluation error';
  return `${word}: ${firstLine.replace(/^No such key/, 'no such key')}`;
}
