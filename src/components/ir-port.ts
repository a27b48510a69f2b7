import type { JsonValue } from '../base/json.ts';
import type { ParameterType } from '../ir/spec.ts';
import type { ArtifactType } from '../model/artifact.ts';
import type { Constant, PortType } from './component-definition.ts';
import { parsePythonBoolean, parsePythonFloat, parsePythonInteger } from './python-text.ts';

/** What an input or output of a version 1 component is in the IR. */
export type IrPort =
  | { readonly kind: 'parameter'; readonly parameterType: ParameterType }
  | { readonly kind: 'artifact'; readonly artifactType: ArtifactType };

/** By lower-case type name, as the 2.x SDK maps them. */
const PARAMETERS: Readonly<Record<string, ParameterType>> = {
  integer: 'NUMBER_INTEGER',
  int: 'NUMBER_INTEGER',
  double: 'NUMBER_DOUBLE',
  float: 'NUMBER_DOUBLE',
  string: 'STRING',
  str: 'STRING',
  text: 'STRING',
  bool: 'BOOLEAN',
  boolean: 'BOOLEAN',
  dict: 'STRUCT',
  jsonobject: 'STRUCT',
  list: 'LIST',
  jsonarray: 'LIST',
};

const ARTIFACTS: Readonly<Record<string, string>> = {
  artifact: 'system.Artifact',
  model: 'system.Model',
  dataset: 'system.Dataset',
  metrics: 'system.Metrics',
  classificationmetrics: 'system.ClassificationMetrics',
  slicedclassificationmetrics: 'system.SlicedClassificationMetrics',
  html: 'system.HTML',
  markdown: 'system.Markdown',
};

const SCHEMA_VERSION = '0.0.1';

/** The 2.x SDK's rule: known value types are parameters, everything else is an artifact, of a system type where the name fits. */
export function irPort(type: PortType | undefined): IrPort {
  if (typeof type !== 'string') return artifact('system.Artifact');
  if (type === 'PipelineTaskFinalStatus') return { kind: 'parameter', parameterType: 'TASK_FINAL_STATUS' };
  const name = outerName(type);
  const parameterType = own(PARAMETERS, name.toLowerCase());
  if (parameterType !== undefined) return { kind: 'parameter', parameterType };
  if (/^google.[A-Za-z]+$/.test(name)) return artifact(name);
  return artifact(own(ARTIFACTS, name.toLowerCase()) ?? 'system.Artifact');
}

/** Types of the 1.x components that are short text, whatever the 2.x SDK thinks: passing them by value is their only use. */
const TEXT_TYPES = ['GCSPath', 'GCRPath', 'GCPPath', 'GCPRegion', 'GCPProjectID', 'URI', 'URL', 'Bool', 'Json', 'Dictionary'];

/** Whether a type stands for short text although the 2.x SDK makes an artifact of it. */
export function isTextType(type: PortType | undefined): boolean {
  const name = typeof type === 'object' && !Array.isArray(type) ? Object.keys(type)[0] : type;
  return typeof name === 'string' && TEXT_TYPES.includes(name);
}

function artifact(schemaTitle: string): IrPort {
  return { kind: 'artifact', artifactType: { schemaTitle, schemaVersion: SCHEMA_VERSION } };
}

/** `typing.List[str]` → `List`; other generic types keep their brackets and so are unknown. */
function outerName(type: string): string {
  const name = type.replace(/^typing\./, '');
  return /^(?:list|dict)/i.test(name) ? name.split('[')[0]! : name;
}

function own<Value>(table: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

/** The default as a value of the parameter's type; undefined when it cannot be read as one. */
export function irDefault(constant: Constant, type: ParameterType): JsonValue | undefined {
  switch (type) {
    case 'NUMBER_INTEGER':
      return wholeNumber(constant);
    case 'NUMBER_DOUBLE':
      return constant.kind === 'boolean' ? Number(constant.value) : finite(parsePythonFloat(constant.text));
    case 'BOOLEAN':
      return constant.kind === 'string' ? parsePythonBoolean(constant.text) : constant.value;
    case 'STRUCT':
    case 'LIST':
      return constant.kind === 'string' ? jsonOrText(constant.text) : constant.value;
    default:
      return constant.text;
  }
}

function wholeNumber(constant: Constant): number | undefined {
  if (constant.kind === 'boolean') return Number(constant.value);
  if (constant.kind === 'float') return finite(Math.trunc(Number(constant.value)));
  const value = parsePythonInteger(constant.text);
  return value === undefined ? undefined : Number(value);
}

function finite(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}

function jsonOrText(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}
