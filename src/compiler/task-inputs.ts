import type { JsonObject, JsonValue } from '../base/json.ts';
import type { ArtifactSource, ParameterSource, ResourceSpec, TaskSpec } from '../ir/spec.ts';
import { Channel, isChannel } from '../sdk/channel.ts';
import type { ChannelRef } from '../sdk/channel-ref.ts';
import type { ScopeNode, TaskNode } from '../sdk/trace.ts';
import { inputPlaceholder, refsIn, withPlaceholders } from './constants.ts';
import type { ScopeFlow, Source } from './scope-flow.ts';

export interface TaskWiring {
  readonly inputs: TaskSpec['inputs'];
  readonly image?: string;
  readonly resources?: ResourceSpec;
  readonly platform: JsonObject;
}

/** Where a task's inputs come from, and its settings with placeholders for values that come with the run. */
export function wireTask(task: TaskNode, scope: ScopeNode, flow: ScopeFlow): TaskWiring {
  const parameters: Record<string, ParameterSource> = {};
  const artifacts: Record<string, ArtifactSource> = {};
  const injected = (ref: ChannelRef): string => {
    const name = flow.inputName(ref, scope, task);
    parameters[name] = parameterSource(flow.use(ref, scope, task));
    return inputPlaceholder(name);
  };
  const constant = (value: unknown): ParameterSource => ({ kind: 'constant', value: withPlaceholders(value, injected) });
  for (const [name, value] of Object.entries(task.arguments)) {
    if (!isChannel(value)) parameters[name] = constant(value);
    else if (value.ref.type.kind === 'artifact') artifacts[name] = artifactSource(flow.use(value.ref, scope, task));
    else parameters[name] = parameterSource(flow.use(value.ref, scope, task));
  }
  const { image, resources, platform } = task.settings;
  // A setting that comes with the run is an input of the task under the setting's own name as well.
  const dynamic = (name: string, value: unknown): string => {
    const given = withPlaceholders(value, injected);
    const filled = typeof given === 'string' ? given : JSON.stringify(given);
    if (refsIn(value).length > 0) parameters[name] = { kind: 'constant', value: filled };
    return filled;
  };
  const wiredImage = image === undefined ? undefined : dynamic('base_image', image);
  const spec = wiredResources(resources, dynamic);
  return {
    inputs: { parameters, artifacts },
    ...(wiredImage === undefined ? {} : { image: wiredImage }),
    ...(Object.keys(spec).length > 0 ? { resources: spec } : {}),
    platform: platformValue(platform, (ref) => sourceJson(flow.use(ref, scope, task))) as JsonObject,
  };
}

function wiredResources(
  resources: TaskNode['settings']['resources'],
  dynamic: (name: string, value: unknown) => string,
): ResourceSpec {
  const { cpu, cpuLimit, memory, memoryLimit, accelerator } = resources;
  return {
    ...(cpu === undefined ? {} : { cpuRequest: dynamic('cpu_request', cpu) }),
    ...(cpuLimit === undefined ? {} : { cpuLimit: dynamic('cpu_limit', cpuLimit) }),
    ...(memory === undefined ? {} : { memoryRequest: dynamic('memory_request', memory) }),
    ...(memoryLimit === undefined ? {} : { memoryLimit: dynamic('memory_limit', memoryLimit) }),
    ...(accelerator === undefined
      ? {}
      : {
          accelerator: {
            type: dynamic('accelerator_type', accelerator.type),
            count: dynamic('accelerator_count', accelerator.count),
          },
        }),
  };
}

/**
 * Names that may be dynamic are objects in the platform document: a constant or where the value comes from. Older back ends read
 * the name from a second member, which KFP's compiler writes as well.
 */
function platformValue(value: unknown, source: (ref: ChannelRef) => JsonObject): JsonValue {
  if (value instanceof Channel) return source(value.ref);
  if (Array.isArray(value)) return value.map((item) => platformValue(item, source));
  if (typeof value !== 'object' || value === null) return value as JsonValue;
  const members = Object.entries(value).flatMap(([name, item]): [string, JsonValue][] => {
    if (!name.endsWith('NameParameter')) return [[name, platformValue(item, source)]];
    const parameter =
      typeof item === 'string' ? { runtimeValue: { constant: item } } : (platformValue(item, source) as JsonObject);
    return [[name, parameter], ...olderName(name, item, parameter)];
  });
  return Object.fromEntries(members);
}

function olderName(name: string, given: unknown, parameter: JsonObject): [string, JsonValue][] {
  if (name !== 'pvcNameParameter') return typeof given === 'string' ? [[name.replace(/Parameter$/, ''), given]] : [];
  return typeof given === 'string' ? [['constant', given]] : Object.entries(parameter);
}

function sourceJson(source: Source): JsonObject {
  const selector = source.selector === undefined ? {} : { parameterExpressionSelector: source.selector };
  if (source.kind === 'componentInput') return { componentInputParameter: source.name, ...selector };
  return { taskOutputParameter: { producerTask: source.producerTask, outputParameterKey: source.key }, ...selector };
}

export function parameterSource(source: Source): ParameterSource {
  const selector = source.selector === undefined ? {} : { selector: source.selector };
  if (source.kind === 'componentInput') return { kind: 'componentInput', name: source.name, ...selector };
  return { kind: 'taskOutput', producerTask: source.producerTask, outputParameterKey: source.key, ...selector };
}

export function artifactSource(source: Source): ArtifactSource {
  if (source.kind === 'componentInput') return { kind: 'componentInput', name: source.name };
  return { kind: 'taskOutput', producerTask: source.producerTask, outputArtifactKey: source.key };
}
