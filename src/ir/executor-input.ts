/** The two JSON documents a KFP step exchanges with its launcher (pipeline_spec.proto: ExecutorInput, ExecutorOutput). */
import type { Problem } from '../base/errors.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../base/json.ts';
import type { ArtifactType } from '../model/artifact.ts';

/** An artifact as the step sees it. */
export interface StepArtifact {
  readonly name: string;
  readonly uri: string;
  readonly type: ArtifactType;
  readonly metadata: JsonObject;
}

export interface StepInputs {
  /** Resolved values; absent optional inputs are left out (null counts as absent). */
  readonly parameters: Readonly<Record<string, JsonValue>>;
  readonly artifacts: Readonly<Record<string, readonly StepArtifact[]>>;
}

export interface StepOutputs {
  /** The file each output parameter may be written to. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly artifacts: Readonly<Record<string, StepArtifact>>;
  /** Where the step may write its ExecutorOutput. */
  readonly outputFile: string;
}

/** The ExecutorInput a step gets for `{{$}}`. */
export function executorInput(inputs: StepInputs, outputs: StepOutputs): JsonObject {
  const present = Object.entries(inputs.parameters).filter(([, value]) => value !== null);
  return {
    inputs: {
      parameterValues: Object.fromEntries(present),
      artifacts: mapValues(inputs.artifacts, (list) => ({ artifacts: list.map(runtimeArtifact) })),
    },
    outputs: {
      parameters: mapValues(outputs.parameters, (outputFile) => ({ outputFile })),
      artifacts: mapValues(outputs.artifacts, (artifact) => ({ artifacts: [runtimeArtifact(artifact)] })),
      outputFile: outputs.outputFile,
    },
  };
}

/** One artifact in the form KFP's runtime reads: RuntimeArtifact in proto-JSON. */
export function runtimeArtifact({ name, uri, type, metadata }: StepArtifact): JsonObject {
  return { name, uri, type: { ...type } as JsonObject, metadata };
}

function mapValues<T>(record: Readonly<Record<string, T>>, map: (value: T) => JsonValue): JsonObject {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}

/** What a step reported about an output artifact; absent members keep what was planned. */
export interface ReportedArtifact {
  readonly name?: string;
  readonly uri?: string;
  readonly metadata: JsonObject;
  /** A path the step wrote to instead of the planned one. */
  readonly customPath?: string;
}

export interface ExecutorOutput {
  readonly parameters: JsonObject;
  readonly artifacts: Readonly<Record<string, readonly ReportedArtifact[]>>;
}

export type ExecutorOutputResult =
  | { readonly kind: 'output'; readonly output: ExecutorOutput }
  | { readonly kind: 'problem'; readonly problem: Problem };

/** Reads what a step wrote to its output file, in any spelling proto-JSON allows. */
export function readExecutorOutput(text: string): ExecutorOutputResult {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return outputProblem('', `it is not JSON: ${(error as Error).message}`);
  }
  if (!isJsonObject(json)) return outputProblem('', 'it is not a JSON object');
  const values = json['parameterValues'] ?? json['parameter_values'] ?? {};
  if (!isJsonObject(values)) return outputProblem('parameterValues', 'it is not an object');
  const typed = json['parameters'] ?? {};
  if (!isJsonObject(typed)) return outputProblem('parameters', 'it is not an object');
  const lists = json['artifacts'] ?? {};
  if (!isJsonObject(lists)) return outputProblem('artifacts', 'it is not an object');
  const artifacts: Record<string, readonly ReportedArtifact[]> = {};
  for (const [name, list] of Object.entries(lists)) {
    const items = isJsonObject(list) ? (list['artifacts'] ?? []) : undefined;
    if (!Array.isArray(items) || !items.every(isJsonObject))
      return outputProblem(`artifacts.${name}`, 'it is not {"artifacts": [{…}]}');
    artifacts[name] = items.map(reportedArtifact);
  }
  return { kind: 'output', output: { parameters: { ...mapValues(typed, typedValue), ...values }, artifacts } };
}

function outputProblem(path: string, message: string): ExecutorOutputResult {
  const hint = 'The file at outputs.outputFile of the executor input must hold an ExecutorOutput as JSON.';
  return { kind: 'problem', problem: { path, message: `failed to unmarshall ExecutorOutput: ${message}`, hint } };
}

/** `{stringValue|intValue|doubleValue}`, the form of schema 2.0.0; int64 may be text. */
export function typedValue(value: JsonValue): JsonValue {
  if (!isJsonObject(value)) return value;
  const text = value['stringValue'] ?? value['string_value'];
  if (text !== undefined) return text;
  const number = value['intValue'] ?? value['int_value'] ?? value['doubleValue'] ?? value['double_value'];
  return number === undefined ? null : Number(number);
}

function reportedArtifact(json: JsonObject): ReportedArtifact {
  const customPath = json['customPath'] ?? json['custom_path'];
  return {
    ...(typeof json['name'] === 'string' ? { name: json['name'] } : {}),
    ...(typeof json['uri'] === 'string' && json['uri'] !== '' ? { uri: json['uri'] } : {}),
    metadata: isJsonObject(json['metadata']) ? json['metadata'] : {},
    ...(typeof customPath === 'string' && customPath !== '' ? { customPath } : {}),
  };
}
