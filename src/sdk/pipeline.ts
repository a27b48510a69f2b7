import { ProductError } from '../base/errors.ts';
import type { JsonObject } from '../base/json.ts';
import { Place } from './call-site.ts';
import {
  type AnyChannel,
  type ArtifactChannel,
  type ArtifactListChannel,
  type Channel,
  channelOf,
  isChannel,
} from './channel.ts';
import type { ComponentDefinition } from './component-definition.ts';
import { addTask, type Component } from './component.ts';
import type { PipelineDefinition } from './pipeline-definition.ts';
import { type CallOf, type ChannelOf, type Inputs, type Outputs, portsOf } from './port-values.ts';
import type { Port } from './port-types.ts';
import { Task } from './task.ts';
import { durationMs } from './task-settings.ts';
import { traced, type TracedProblem } from './trace.ts';
import type { ArtifactToken, ParameterToken } from './types.ts';

export interface PipelineOptions<I extends Inputs> {
  /** Lower case letters, digits and hyphens. */
  readonly name: string;
  readonly displayName?: string;
  readonly description?: string;
  /** Where artifacts go when the run does not say. */
  readonly pipelineRoot?: string;
  readonly inputs?: I;
  /** What the outputs are, by name. */
  readonly outputDescriptions?: Readonly<Record<string, string>>;
  /** A folder that all steps of a run share, at `run.workspace`. */
  readonly workspace?: WorkspaceOptions;
  /** How long a run may take in all. */
  readonly deadline?: string | number;
  /** When the run's resources on the cluster are removed. */
  readonly ttl?: {
    readonly onCompletion?: string | number;
    readonly onSuccess?: string | number;
    readonly onFailure?: string | number;
  };
}

export interface WorkspaceOptions {
  /** Kubernetes quantity: `10Gi`. */
  readonly size: string;
  readonly accessModes?: readonly string[];
  readonly storageClass?: string;
}

/** What a pipeline's function returns becomes its outputs: one value is called `Output`. */
export type PipelineResult = AnyChannel | Readonly<Record<string, AnyChannel>> | void;

export type ResultOutputs<Result> = Result extends AnyChannel
  ? { readonly Output: TokenOf<Result> } extends infer Token extends Outputs
    ? Token
    : {}
  : Result extends Readonly<Record<string, AnyChannel>>
    ? { readonly [Key in keyof Result]: TokenOf<Result[Key]> } extends infer Tokens extends Outputs
      ? Tokens
      : {}
    : {};
type TokenOf<Value> =
  Value extends Channel<infer T>
    ? ParameterToken<T>
    : Value extends ArtifactChannel<infer Title>
      ? ArtifactToken<Title>
      : Value extends ArtifactListChannel<infer Title>
        ? ArtifactToken<Title, true>
        : never;

/** A pipeline; called inside another pipeline it becomes one task of it. */
export interface Pipeline<I extends Inputs, O extends Outputs> extends Component<I, O> {
  readonly pipeline: PipelineDefinition;
}

type PipelineInputs<I extends Inputs> = { readonly [Key in keyof I]: ChannelOf<I[Key]> };

/** Describes a pipeline: `body` runs once, now, and says which tasks there are and what they are given. */
export function pipeline<const I extends Inputs = {}, Result extends PipelineResult = void>(
  options: PipelineOptions<I>,
  body: (inputs: PipelineInputs<I>) => Result,
): Pipeline<I, ResultOutputs<Result>> {
  const place = new Place();
  const inputs = portsOf(options.inputs ?? {});
  const handles = Object.fromEntries(
    Object.entries(inputs).map(([name, { type }]) => [name, channelOf({ kind: 'input', name, type })]),
  ) as unknown as PipelineInputs<I>;
  const { trace, result } = traced(options.name, place, () => body(handles));
  const problems: TracedProblem[] = [...optionProblems(options, place), ...resultProblems(result, place)];
  trace.problems.push(...problems);
  const outputs = resultChannels(result);
  const definition: PipelineDefinition = {
    name: options.name,
    ...(options.displayName === undefined ? {} : { displayName: options.displayName }),
    ...(options.description === undefined ? {} : { description: options.description }),
    ...(options.pipelineRoot === undefined ? {} : { pipelineRoot: options.pipelineRoot }),
    inputs,
    outputs: Object.fromEntries(Object.entries(outputs).map(([name, { ref }]) => [name, ref])),
    outputDescriptions: options.outputDescriptions ?? {},
    config: pipelineConfig(options),
    trace,
  };
  return callable<I, ResultOutputs<Result>>(definition);
}

function callable<I extends Inputs, O extends Outputs>(definition: PipelineDefinition): Pipeline<I, O> {
  const outputs = Object.entries(definition.outputs).map(([name, { type }]): [string, Port] => [
    name,
    { type, isOptional: false },
  ]);
  const asComponent: ComponentDefinition = {
    name: definition.name,
    inputs: definition.inputs,
    outputs: Object.fromEntries(outputs),
    passthroughs: [],
    implementation: { kind: 'pipeline', pipeline: definition },
  };
  const call = (args: Readonly<Record<string, unknown>> = {}) => new Task<O>(addTask(asComponent, args));
  return Object.assign(call as unknown as (...args: CallOf<I>) => Task<O>, { definition: asComponent, pipeline: definition });
}

export function isPipeline(value: unknown): value is Pipeline<Inputs, Outputs> {
  return typeof value === 'function' && 'pipeline' in value && 'definition' in value;
}

function resultChannels(result: unknown): Readonly<Record<string, AnyChannel>> {
  if (isChannel(result)) return { Output: result };
  if (typeof result !== 'object' || result === null) return {};
  return Object.fromEntries(Object.entries(result).filter((entry): entry is [string, AnyChannel] => isChannel(entry[1])));
}

function resultProblems(result: unknown, place: Place): TracedProblem[] {
  if (result instanceof Promise)
    throw new ProductError('INVALID_PIPELINE', 'the function of a pipeline may not be async', {
      hint: 'load what it needs before: const store = await …; export default pipeline(…)',
    });
  if (result === undefined || isChannel(result)) return [];
  const wrong = Object.entries(result as object).filter(([, value]) => !isChannel(value));
  return wrong.map(([name]) => ({
    place,
    message: `the output "${name}" is not the output of a task`,
    hint: 'return task.outputs.… or collect(…)',
  }));
}

const NAME = /^[a-z0-9][a-z0-9-]{0,127}$/;

function optionProblems({ name, workspace, deadline, ttl }: PipelineOptions<Inputs>, place: Place): TracedProblem[] {
  const problems: TracedProblem[] = [];
  if (!NAME.test(name))
    problems.push({
      place,
      message: `"${name}" cannot be the name of a pipeline`,
      hint: 'use lower case letters, digits and hyphens, at most 128',
    });
  if (workspace !== undefined && !/^\d+(\.\d+)?([EPTGMK]i?)?$/.test(workspace.size))
    problems.push({
      place,
      message: `the size of the workspace "${workspace.size}" is not an amount of bytes`,
      hint: 'write "10Gi"',
    });
  for (const duration of [deadline, ttl?.onCompletion, ttl?.onSuccess, ttl?.onFailure])
    if (duration !== undefined && durationMs(duration) === undefined)
      problems.push({ place, message: `"${duration}" is not a duration`, hint: 'write "90s", "5m", "2h" or "7d"' });
  return problems;
}

function pipelineConfig({ workspace, deadline, ttl }: PipelineOptions<Inputs>): JsonObject {
  const seconds = (key: string, duration: string | number | undefined): JsonObject => {
    const ms = duration === undefined ? undefined : durationMs(duration);
    return ms === undefined ? {} : { [key]: Math.ceil(ms / 1000) };
  };
  return {
    ...(workspace === undefined ? {} : { workspace: workspaceConfig(workspace) }),
    ...seconds('activeDeadlineSeconds', deadline),
    ...seconds('resourceTtlOnCompletion', ttl?.onCompletion),
    ...seconds('resourceTtlOnSuccess', ttl?.onSuccess),
    ...seconds('resourceTtlOnFailure', ttl?.onFailure),
  };
}

function workspaceConfig({ size, accessModes, storageClass }: WorkspaceOptions): JsonObject {
  const patch = {
    ...(accessModes === undefined ? {} : { accessModes }),
    ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
  };
  return { size, kubernetes: { pvcSpecPatch: patch } };
}
