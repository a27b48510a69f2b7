import { readFile } from 'node:fs/promises';
import { ProductError, type Problem } from '../base/errors.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../base/json.ts';
import { nearestName } from '../base/nearest-name.ts';
import { readYaml } from '../base/yaml.ts';
import type { ParameterDefinition, ParameterType } from '../ir/spec.ts';

/**
 * The arguments of a run from the command line: the file of `--params` first, `-p name=value` over it. Text is read by the
 * type the pipeline declares: a STRING stays as it is, everything else is JSON.
 */
export async function readArguments(
  given: { readonly pairs: readonly string[]; readonly file?: string },
  definitions: Readonly<Record<string, ParameterDefinition>>,
): Promise<JsonObject> {
  const fromFile = given.file === undefined ? {} : await readArgumentsFile(given.file);
  const problems: Problem[] = [];
  const values: Record<string, JsonValue> = { ...fromFile };
  for (const pair of given.pairs) {
    const result = readPair(pair, definitions);
    if ('problem' in result) problems.push(result.problem);
    else values[result.name] = result.value;
  }
  if (problems.length > 0) throw new ProductError('INVALID_ARGUMENTS', 'the arguments do not fit the pipeline', { problems });
  return values;
}

function readPair(
  pair: string,
  definitions: Readonly<Record<string, ParameterDefinition>>,
): { readonly name: string; readonly value: JsonValue } | { readonly problem: Problem } {
  const equals = pair.indexOf('=');
  if (equals < 1) return { problem: { path: `-p ${pair}`, message: 'is not of the form name=value' } };
  const name = pair.slice(0, equals);
  const text = pair.slice(equals + 1);
  const definition = Object.hasOwn(definitions, name) ? definitions[name] : undefined;
  if (!definition) {
    const known = Object.keys(definitions);
    const near = nearestName(name, known);
    const meant = near === undefined ? '' : `did you mean ${near}? `;
    const hint = known.length === 0 ? 'the pipeline takes no parameters' : `${meant}its parameters are: ${known.join(', ')}`;
    return { problem: { path: `-p ${name}`, message: 'the pipeline has no such parameter', hint } };
  }
  const value = typedValue(text, definition.parameterType);
  if (value !== undefined) return { name, value };
  return {
    problem: { path: `-p ${name}`, message: `${JSON.stringify(text)} is not ${EXPECTED[definition.parameterType]}` },
  };
}

const EXPECTED: Record<ParameterType, string> = {
  STRING: 'text',
  NUMBER_INTEGER: 'a whole number, such as 42',
  NUMBER_DOUBLE: 'a number, such as 0.5',
  BOOLEAN: 'true or false',
  LIST: 'a JSON list, such as [1, 2]',
  STRUCT: 'a JSON object, such as {"a": 1}',
  TASK_FINAL_STATUS: 'a JSON object',
  TASK_CONFIG: 'a JSON object',
};

/** The value the text stands for, or undefined when it is not of the type. */
export function typedValue(text: string, type: ParameterType): JsonValue | undefined {
  if (type === 'STRING') return text;
  let value: JsonValue;
  try {
    // Python users write True and False; nothing else in JSON is spelled like them.
    value = JSON.parse(type === 'BOOLEAN' ? text.toLowerCase() : text) as JsonValue;
  } catch {
    return undefined;
  }
  if (value === null) return null;
  switch (type) {
    case 'NUMBER_INTEGER':
      return typeof value === 'number' && Number.isInteger(value) ? value : undefined;
    case 'NUMBER_DOUBLE':
      return Number.isFinite(value) ? value : undefined;
    case 'BOOLEAN':
      return typeof value === 'boolean' ? value : undefined;
    case 'LIST':
      return Array.isArray(value) ? value : undefined;
    default:
      return isJsonObject(value) ? value : undefined;
  }
}

/** A JSON or YAML file with one object: parameter name to value. Values are taken as they are. */
async function readArgumentsFile(path: string): Promise<JsonObject> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new ProductError('INVALID_ARGUMENTS', `cannot read the parameters file ${path}`, { cause });
  }
  // JSON is YAML; what a file says is typed as the SDK's own files are.
  const yaml = readYaml(text);
  if (yaml.kind === 'problem') {
    const problem = { ...yaml.problem, path };
    throw new ProductError('INVALID_ARGUMENTS', 'the parameters file is not valid JSON or YAML', { problems: [problem] });
  }
  const value = yaml.documents[0]?.value;
  if (isJsonObject(value) && yaml.documents.length === 1) return value;
  throw new ProductError('INVALID_ARGUMENTS', `${path} must hold one object: parameter name to value`);
}
