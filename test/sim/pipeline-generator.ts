import type { JsonValue } from '../../src/base/json.ts';
import type { ComponentSpec, ExecutorSpec, PipelineDocument, ResourceSpec, TaskSpec } from '../../src/ir/spec.ts';
import { container, dag, param, pipelineDocument, step, task } from '../support/spec-builder.ts';
import type { SimRandom } from './sim-random.ts';

/** Leaves, sub-pipelines, conditions, loops within loops, exit tasks and retries, a few levels deep. */
export function randomPipeline(random: SimRandom): PipelineDocument {
  const components: Record<string, ComponentSpec> = {};
  const executors: Record<string, ExecutorSpec> = {};
  for (const [size, resources] of Object.entries(SIZES)) {
    components[`comp-${size}`] = step(`exec-${size}`, {
      inputs: { in: param('NUMBER_INTEGER', { defaultValue: 1 }) },
      outputs: { out: { parameterType: 'NUMBER_INTEGER' } },
    });
    executors[`exec-${size}`] = withResources(container(['true', "{{$.inputs.parameters['in']}}"]), resources);
  }
  const root = randomScope(random, components, 3, 'root');
  return pipelineDocument(root, components, executors);
}

/** Of the capacity in sim-executor.ts: next to nothing, half, all of it, and what has to be shared out by index. */
const SIZES: Readonly<Record<string, ResourceSpec | undefined>> = {
  plain: undefined,
  small: { cpuRequest: '500m', memoryRequest: '1Gi' },
  half: { cpuRequest: '2', memoryLimit: '4Gi' },
  large: { cpuRequest: '4' },
  gpu: { cpuRequest: '1', accelerator: { type: 'nvidia.com/gpu', count: '1' } },
  gpus: { accelerator: { type: 'nvidia.com/gpu', count: '2' } },
};

function withResources(executor: ExecutorSpec, resources: ResourceSpec | undefined): ExecutorSpec {
  if (executor.kind !== 'container' || resources === undefined) return executor;
  return { kind: 'container', container: { ...executor.container, resources } };
}

function randomScope(random: SimRandom, components: Record<string, ComponentSpec>, depth: number, name: string): ComponentSpec {
  const tasks: Record<string, TaskSpec> = {};
  const count = 1 + random.below(4);
  for (let index = 0; index < count; index += 1) {
    const key = `task-${index}`;
    tasks[key] = randomTask(random, components, depth, `${name}-${index}`, Object.keys(tasks));
  }
  const last = `task-${count - 1}`;
  return dag(tasks, {
    inputs: { item: param('NUMBER_INTEGER', { defaultValue: 0 }) },
    outputs: { out: { type: 'NUMBER_INTEGER', from: [last, 'out'] } },
  });
}

function randomTask(
  random: SimRandom,
  components: Record<string, ComponentSpec>,
  depth: number,
  name: string,
  earlier: readonly string[],
): TaskSpec {
  const dependentTasks = earlier.filter(() => random.chance(0.35));
  const nested = depth > 0 && random.chance(0.45);
  const componentName = nested ? `comp-${name}` : `comp-${random.pick(Object.keys(SIZES))}`;
  if (nested) components[componentName] = randomScope(random, components, depth - 1, name);
  // Even inputs are for steps that use the cache (see SimWorld).
  const cached = random.chance(0.3);
  const input = random.below(5) * 2 + (cached ? 0 : 1);
  const base = task(componentName, {
    dependentTasks,
    caching: { enabled: cached },
    inputs: { parameters: nested ? {} : { in: { kind: 'constant', value: input } }, artifacts: {} },
  });
  return {
    ...base,
    trigger: {
      strategy: dependentTasks.length > 0 && random.chance(0.2) ? 'ALL_UPSTREAM_TASKS_COMPLETED' : 'ALL_UPSTREAM_TASKS_SUCCEEDED',
      ...(random.chance(0.25) ? { condition: random.chance(0.6) ? 'true' : '1 == 2' } : {}),
    },
    ...(random.chance(0.3)
      ? {
          retryPolicy: {
            maxRetryCount: random.below(4),
            backoffMs: random.below(3) * 500,
            backoffFactor: 2,
            backoffMaxMs: 3_600_000,
          },
        }
      : {}),
    ...(random.chance(0.3)
      ? { iterator: randomLoop(random, { itemInput: nested ? 'item' : 'in', parity: cached ? 0 : 1 }) }
      : {}),
  };
}

function randomLoop(
  random: SimRandom,
  { itemInput, parity }: { readonly itemInput: string; readonly parity: 0 | 1 },
): NonNullable<TaskSpec['iterator']> {
  const items: JsonValue[] = Array.from({ length: random.below(6) }, (_, index) => index * 2 + parity);
  return { kind: 'parameter', items: { kind: 'raw', items }, itemInput, parallelismLimit: random.below(3) };
}
