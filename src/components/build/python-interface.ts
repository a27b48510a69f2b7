import type { Problem } from '../../base/errors.ts';
import type { JsonValue } from '../../base/json.ts';
import type { ParameterType } from '../../ir/spec.ts';
import type { ArtifactType } from '../../model/artifact.ts';
import { irPort, type IrPort } from '../ir-port.ts';
import { readDocstring } from './python-docstring.ts';
import type { PythonValue } from './python-literals.ts';
import type { PythonFunction, PythonParameter, PythonRecord } from './python-functions.ts';

/** The inputs and outputs of a component function, from its annotations, as the 2.x SDK understands them. */
export interface PythonInterface {
  readonly inputs: readonly PythonInput[];
  readonly outputs: readonly PythonPort[];
  readonly problems: readonly Problem[];
}

export type PythonPort = { readonly name: string; readonly description?: string; readonly isArtifactList: boolean } & (
  | { readonly kind: 'parameter'; readonly parameterType: ParameterType }
  | { readonly kind: 'artifact'; readonly artifactType: ArtifactType }
);

export type PythonInput = PythonPort & { readonly isOptional: boolean; readonly defaultValue?: JsonValue };

const FROM_PLATFORM: readonly ParameterType[] = ['TASK_FINAL_STATUS', 'TASK_CONFIG'];

/** What a single value is called that a function returns. */
const SINGLE_OUTPUT = 'Output';

export function pythonInterface(fn: PythonFunction, records: readonly PythonRecord[]): PythonInterface {
  const problems: Problem[] = [];
  const documented = readDocstring(fn.docstring).parameters;
  const inputs: PythonInput[] = [];
  const outputs: PythonPort[] = [];
  for (const parameter of fn.parameters) {
    const place = `${fn.name}.${parameter.name}`;
    const annotation = parameter.annotation === undefined ? undefined : stripped(parameter.annotation);
    if (annotation === undefined) {
      problems.push({
        path: place,
        message: 'the parameter has no type',
        hint: 'annotate it, for example `count: int`',
        line: parameter.line,
      });
      continue;
    }
    const marker = /^(Input|Output|InputPath|OutputPath|EmbeddedInput)(?:[[(](.*)[\])])?$/.exec(annotation);
    if (marker?.[1] === 'EmbeddedInput') continue;
    const type = marker === null ? annotation : (marker[2] ?? '');
    const found = portOf(parameter.name, type, marker?.[1]);
    if (isForeignClass(type, marker?.[1])) problems.push(foreignClass(place, type, parameter.line));
    const text = Object.hasOwn(documented, parameter.name) ? documented[parameter.name] : undefined;
    const port = found && (text === undefined ? found : { ...found, description: text });
    if (port === undefined) problems.push(unknownType(place, annotation, parameter.line));
    else if (marker?.[1]?.startsWith('Output')) outputs.push(port);
    else inputs.push({ ...port, ...presetOf(parameter, port, problems, place) });
  }
  for (const [name, annotation] of returnedFields(fn, records)) {
    const port = portOf(name, stripped(annotation), undefined);
    if (port === undefined) problems.push(unknownType(`${fn.name} returns`, annotation, fn.line));
    else outputs.push(port);
  }
  return { inputs, outputs, problems };
}

function unknownType(path: string, annotation: string, line: number): Problem {
  return {
    path,
    message: `the type "${annotation}" is neither a parameter nor an artifact type`,
    hint: 'use str, int, float, bool, list, dict, or an artifact such as Input[Dataset]',
    line,
  };
}

function foreignClass(path: string, type: string, line: number): Problem {
  const message = `the artifact class "${type}" is not known here, so its schema is system.Artifact`;
  return { path, message, hint: 'write the schema into the component file if it matters', line, severity: 'warning' };
}

/** Without module names, `Optional` and `| None`, which say nothing about the kind of a port. */
function stripped(annotation: string): string {
  const plain = annotation.replace(/\b(?:kfp\.)?(?:dsl|typing|types|artifact_types)\./g, '');
  const inner = /^Optional\[(.*)\]$/.exec(plain)?.[1] ?? /^Union\[(.*),None\]$/.exec(plain)?.[1] ?? plain;
  return inner.replace(/\|None$/, '').replace(/^None\|/, '');
}

/** `marker` is the wrapper the type was in, such as `Input` or `OutputPath`. */
function portOf(name: string, type: string, marker: string | undefined): PythonPort | undefined {
  const list = /^(?:List|list)\[(.*)\]$/.exec(type);
  const element = list && artifactNamed(list[1]!);
  if (element) return { name, isArtifactList: true, ...element };
  const typeName = type.replace(/^['"]|['"]$/g, '');
  if (typeName === 'TaskConfig') return { name, isArtifactList: false, kind: 'parameter', parameterType: 'TASK_CONFIG' };
  const generic = typeName.replace(/^(List|list|Dict|dict)\[.*\]$/, '$1');
  const port = irPort(generic);
  if (port.kind === 'parameter') return { name, isArtifactList: false, ...port };
  // A path whose type is unknown or not given is that of some artifact.
  const artifact = artifactNamed(typeName) ?? (marker === undefined ? undefined : irPort('Artifact'));
  return artifact?.kind === 'artifact' ? { name, isArtifactList: false, ...artifact } : undefined;
}

/** An artifact class of the author's own has a schema that only running the module would tell. */
function isForeignClass(type: string, marker: string | undefined): boolean {
  return (marker === 'Input' || marker === 'Output') && !/^(?:List|list)\[/.test(type) && artifactNamed(type) === undefined;
}

function artifactNamed(type: string): Extract<IrPort, { kind: 'artifact' }> | undefined {
  const port = irPort(type);
  const isKnown = port.kind === 'artifact' && (type === 'Artifact' || port.artifactType.schemaTitle !== 'system.Artifact');
  return isKnown ? port : undefined;
}

function presetOf(
  parameter: PythonParameter,
  port: PythonPort,
  problems: Problem[],
  place: string,
): { readonly isOptional: boolean; readonly defaultValue?: JsonValue } {
  // The platform hands these in, or nothing.
  if (port.kind === 'parameter' && FROM_PLATFORM.includes(port.parameterType)) return { isOptional: true };
  if (parameter.default === undefined) return { isOptional: false };
  const value = jsonOf(parameter.default);
  if (value === undefined) {
    problems.push({
      path: place,
      message: 'the default has to be evaluated by Python',
      hint: 'use a literal value as the default',
      line: parameter.line,
    });
  }
  return value === undefined || value === null || port.kind === 'artifact'
    ? { isOptional: true }
    : { isOptional: true, defaultValue: value };
}

function jsonOf(value: PythonValue): JsonValue | undefined {
  switch (value.kind) {
    case 'none':
      return null;
    case 'number':
      return Number(value.text);
    case 'string':
    case 'boolean':
      return value.value;
    case 'list': {
      const items = value.items.map(jsonOf);
      return items.some((item) => item === undefined) ? undefined : (items as JsonValue[]);
    }
    case 'dict': {
      const entries = value.entries.map(([key, member]) => [jsonOf(key), jsonOf(member)] as const);
      if (entries.some(([key, member]) => typeof key !== 'string' || member === undefined)) return undefined;
      return Object.fromEntries(entries as [string, JsonValue][]);
    }
    case 'expression':
      return undefined;
  }
}

/** Name and annotation of each value a function returns. */
function returnedFields(fn: PythonFunction, records: readonly PythonRecord[]): readonly (readonly [string, string])[] {
  if (fn.returns === undefined || fn.returns === 'None') return [];
  const record = records.find(({ name }) => name === fn.returns);
  if (record !== undefined) return record.fields.map((field) => [field.name, field.annotation ?? ''] as const);
  const inline = /^(?:typing\.)?NamedTuple\((['"]).*?\1,(.*)\)$/s.exec(fn.returns);
  if (inline === null) return [[SINGLE_OUTPUT, fn.returns]];
  const pairs = [...inline[2]!.matchAll(/\((['"])(\w+)\1,((?:[^()]|\([^()]*\))*?),?\)/g)].map(
    (match) => [match[2]!, match[3]!] as const,
  );
  const keywords = [...inline[2]!.matchAll(/(?:^|,)(\w+)=([^,=]+(?:\[[^\]]*\])?)/g)].map(
    (match) => [match[1]!, match[2]!] as const,
  );
  return pairs.length > 0 ? pairs : keywords;
}
