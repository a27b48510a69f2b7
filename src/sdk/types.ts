/** The types a port can have, as values: what a user writes behind the name of an input or output. */
import type { JsonObject, JsonValue } from '../base/json.ts';
import type { ParameterType } from '../ir/spec.ts';
import type { Port, PortType } from './port-types.ts';

/** A parameter's type. `T` is the TypeScript type of its value, `IsOptional` whether a task may leave it out. */
export interface ParameterToken<T, IsOptional extends boolean = false> {
  readonly port: Port;
  /** Only for the type checker. */
  readonly valueType?: T;
  readonly optionality?: IsOptional;
  /** The value an argument that is left out has. */
  default(value: T): ParameterToken<T, true>;
  /** May be left out; the step is then given nothing. */
  optional(): ParameterToken<T, true>;
  describe(text: string): ParameterToken<T, IsOptional>;
  /** Only these values are accepted. */
  oneOf<const Values extends readonly T[]>(...values: Values): ParameterToken<Values[number], IsOptional>;
}

/** An artifact's type. `Title` is its schema title, such as `system.Model`. */
export interface ArtifactToken<Title extends string, IsList extends boolean = false, IsOptional extends boolean = false> {
  readonly port: Port;
  readonly title?: Title;
  readonly listness?: IsList;
  readonly optionality?: IsOptional;
  optional(): ArtifactToken<Title, IsList, true>;
  /** A list of such artifacts. */
  list(): ArtifactToken<Title, true, IsOptional>;
  describe(text: string): ArtifactToken<Title, IsList, IsOptional>;
}

/** Filled in by the engine; a task is never given an argument for it. */
export interface EngineToken {
  readonly port: Port;
  readonly byEngine: true;
}

export type InputToken = ParameterToken<unknown, boolean> | ArtifactToken<string, boolean, boolean> | EngineToken;
export type OutputToken = ParameterToken<unknown> | ArtifactToken<string, boolean>;

export const string: ParameterToken<string> = parameter('STRING');
export const int: ParameterToken<number> = parameter('NUMBER_INTEGER');
export const float: ParameterToken<number> = parameter('NUMBER_DOUBLE');
export const bool: ParameterToken<boolean> = parameter('BOOLEAN');
export const list: ParameterToken<readonly JsonValue[]> = parameter('LIST');
export const dict: ParameterToken<JsonObject> = parameter('STRUCT');

/** A list whose elements have a type: a loop over it gives values of that type. */
export function listOf<T>(element: ParameterToken<T>): ParameterToken<readonly T[]> {
  return parameterToken({ type: { kind: 'parameter', parameterType: 'LIST', element: element.port.type }, isOptional: false });
}

/** A dict whose fields have TypeScript types: `dictOf<{ rate: number }>()`. */
export function dictOf<T extends object>(): ParameterToken<T> {
  return parameter('STRUCT');
}

/** How the tasks before ended: for exit tasks and tasks that ignore upstream failures. */
export const finalStatus: EngineToken = engineToken('TASK_FINAL_STATUS');
/** The settings of the task itself, for steps that start pods of their own. */
export const taskConfig: EngineToken = engineToken('TASK_CONFIG');

export const Artifact = artifactType('system.Artifact');
export const Dataset = artifactType('system.Dataset');
export const Model = artifactType('system.Model');
export const Metrics = artifactType('system.Metrics');
export const ClassificationMetrics = artifactType('system.ClassificationMetrics');
export const SlicedClassificationMetrics = artifactType('system.SlicedClassificationMetrics');
export const HTML = artifactType('system.HTML');
export const Markdown = artifactType('system.Markdown');

/** An artifact type of one's own or of another library: `artifactType('google.VertexModel')`. Default version: 0.0.1. */
export function artifactType<const Title extends string>(title: Title, version = '0.0.1'): ArtifactToken<Title> {
  const artifact = { schemaTitle: title, schemaVersion: version };
  return artifactToken({ type: { kind: 'artifact', artifactType: artifact, isList: false }, isOptional: false });
}

function parameter<T>(parameterType: ParameterType): ParameterToken<T> {
  return parameterToken({ type: { kind: 'parameter', parameterType }, isOptional: false });
}

function engineToken(parameterType: ParameterType): EngineToken {
  return { port: { type: { kind: 'parameter', parameterType }, isOptional: true }, byEngine: true };
}

function parameterToken<T, IsOptional extends boolean>(port: Port): ParameterToken<T, IsOptional> {
  return {
    port,
    default: (value) => parameterToken({ ...port, isOptional: true, defaultValue: value as JsonValue }),
    optional: () => parameterToken({ ...port, isOptional: true }),
    describe: (description) => parameterToken({ ...port, description }),
    oneOf: (...values) => parameterToken({ ...port, literals: values as readonly JsonValue[] }),
  };
}

function artifactToken<Title extends string, IsList extends boolean, IsOptional extends boolean>(
  port: Port,
): ArtifactToken<Title, IsList, IsOptional> {
  const asList = (type: PortType): PortType => (type.kind === 'artifact' ? { ...type, isList: true } : type);
  return {
    port,
    optional: () => artifactToken({ ...port, isOptional: true }),
    list: () => artifactToken({ ...port, type: asList(port.type) }),
    describe: (description) => artifactToken({ ...port, description }),
  };
}
