/** The comment KFP's compiler puts on top of a pipeline: its name, description, inputs and outputs. */
import { isJsonObject, type JsonValue } from '../base/json.ts';
import type { ArtifactType } from '../model/artifact.ts';
import type { ParameterType, PipelineSpec } from './spec.ts';

const PYTHON_TYPES: Readonly<Record<ParameterType, string>> = {
  NUMBER_DOUBLE: 'float',
  NUMBER_INTEGER: 'int',
  STRING: 'str',
  BOOLEAN: 'bool',
  LIST: 'list',
  STRUCT: 'dict',
  TASK_FINAL_STATUS: 'PipelineTaskFinalStatus',
  TASK_CONFIG: 'TaskConfig',
};

export function pipelineHeader({ pipelineInfo, root }: PipelineSpec): string {
  const { inputDefinitions: inputs, outputDefinitions: outputs } = root;
  const lines = ['# PIPELINE DEFINITION', `# Name: ${pipelineInfo.name}`];
  if (pipelineInfo.description) lines.push(`# Description: ${pipelineInfo.description.split('\n').join('\n#              ')}`);
  const inputLines = [
    ...Object.entries(inputs.artifacts).map(([name, { artifactType }]) => `${name}: ${typeTitle(artifactType)}`),
    ...Object.entries(inputs.parameters).map(([name, { parameterType, defaultValue }]) => {
      const byDefault = defaultValue === undefined ? '' : ` [Default: ${pythonText(defaultValue)}]`;
      return `${name}: ${PYTHON_TYPES[parameterType]}${byDefault}`;
    }),
  ];
  const outputLines = [
    ...Object.entries(outputs.artifacts).map(([name, { artifactType }]) => `${name}: ${typeTitle(artifactType)}`),
    ...Object.entries(outputs.parameters).map(([name, { parameterType }]) => `${name}: ${PYTHON_TYPES[parameterType]}`),
  ];
  if (inputLines.length > 0) lines.push('# Inputs:', ...inputLines.toSorted().map(asComment));
  if (outputLines.length > 0) lines.push('# Outputs:', ...outputLines.toSorted().map(asComment));
  return `${lines.join('\n')}\n`;
}

/** A default may have line feeds, which must not end the comment. */
const asComment = (line: string): string => `#    ${line.replaceAll(/[\r\n\u0085\u2028\u2029]/g, ' ')}`;

const typeTitle = ({ schemaTitle }: ArtifactType): string => schemaTitle ?? 'system.Artifact';

/** A value as Python's repr shows it; numbers are doubles here. */
function pythonText(value: JsonValue): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return Number.isInteger(value) ? value.toFixed(1) : String(value);
  if (typeof value === 'string') return pythonString(value);
  if (Array.isArray(value)) return `[${value.map((item: JsonValue) => pythonText(item)).join(', ')}]`;
  const members = Object.entries(isJsonObject(value) ? value : {}).map(
    ([key, item]) => `${pythonString(key)}: ${pythonText(item)}`,
  );
  return `{${members.join(', ')}}`;
}

function pythonString(value: string): string {
  const escaped = value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t');
  if (escaped.includes("'") && !escaped.includes('"')) return `"${escaped}"`;
  return `'${escaped.replaceAll("'", "\\'")}'`;
}
