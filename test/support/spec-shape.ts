import type { JsonValue } from '../../src/base/json.ts';
import type { ComponentSpec, ExecutorSpec, PipelineDocument, TaskIterator } from '../../src/ir/spec.ts';

/**
 * What a pipeline means, without names that compilers make up: components stand where they are used, and a Python function is its
 * name and packages. Two documents of one shape differ in nothing but names of components and executors, the SDK's version and
 * the bodies of functions.
 */
export function specShape({ spec, platform }: PipelineDocument): JsonValue {
  const shape = (component: ComponentSpec): unknown => ({
    inputs: component.inputDefinitions,
    outputs: component.outputDefinitions,
    passthroughs: component.taskConfigPassthroughs,
    ...(component.dag === undefined
      ? {
          executor: executorShape(spec.executors[component.executorLabel!]),
          platform: platform.executors[component.executorLabel!] ?? {},
        }
      : {
          dag: {
            outputs: component.dag.outputs,
            tasks: Object.fromEntries(
              Object.entries(component.dag.tasks).map(
                ([
                  key,
                  {
                    componentName,
                    caching: { isStated: _off, ...caching },
                    iterator,
                    ...task
                  },
                ]) => [
                  key,
                  {
                    ...task,
                    caching,
                    ...(iterator && { iterator: iteratorShape(iterator) }),
                    dependentTasks: [...task.dependentTasks].sort(),
                    component: shape(spec.components[componentName]!),
                  },
                ],
              ),
            ),
          },
        }),
  });
  const whole = { info: spec.pipelineInfo, root: shape(spec.root), config: platform.pipelineConfig };
  return withoutVolumeTexts(JSON.parse(JSON.stringify(whole)) as JsonValue);
}

/** Items without the text they were written as. */
function iteratorShape(iterator: TaskIterator): unknown {
  if (iterator.kind !== 'parameter' || iterator.items.kind !== 'raw') return iterator;
  return { ...iterator, items: { kind: 'raw', items: iterator.items.items } };
}

/** Path and both values of every difference. */
export function shapeDifferences(left: unknown, right: unknown, path = ''): string[] {
  if (JSON.stringify(left) === JSON.stringify(right)) return [];
  if (
    typeof left !== 'object' ||
    typeof right !== 'object' ||
    left === null ||
    right === null ||
    Array.isArray(left) !== Array.isArray(right)
  )
    return [`${path}: ${short(left)} ≠ ${short(right)}`];
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  const of = (value: object, key: string) => (value as Readonly<Record<string, unknown>>)[key];
  return [...keys].flatMap((key) => shapeDifferences(of(left, key), of(right, key), `${path}/${key}`));
}

const short = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 300));

function executorShape(executor: ExecutorSpec | undefined): unknown {
  if (executor?.kind !== 'container') return executor;
  const { command, args, ...rest } = executor.container;
  const at = args.indexOf('--function_to_execute');
  if (at < 0) return { ...rest, command, args };
  const lightweight = command.includes('sh');
  const install = command[0] === 'sh' && command[1] === '-c' ? command[2]! : '';
  // Where packages come from is the environment's affair: the script names no index of this machine.
  const packages = [...install.matchAll(/'([^']*)'/g)].map(([, name]) => name!.replace(/^kfp==.*/, 'kfp'));
  const start = lightweight ? command.slice(command.indexOf('-ec'), -1) : command;
  return { ...rest, function: args[at + 1], packages, venv: install.includes('-m venv'), start, shape: command.length, args };
}

/** The texts that describe the inputs of volume components are KFP's documentation. */
function withoutVolumeTexts(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(withoutVolumeTexts);
  if (typeof value !== 'object' || value === null) return value;
  const isVolume = /"argostub\/(create|delete)pvc"/.test(JSON.stringify((value as { executor?: JsonValue }).executor ?? ''));
  const entries = Object.entries(value).map(([key, item]) => [
    key,
    isVolume && key === 'inputs'
      ? (JSON.parse(
          JSON.stringify(item, (name, member) => (name === 'description' ? undefined : (member as unknown))),
        ) as JsonValue)
      : withoutVolumeTexts(item),
  ]);
  return Object.fromEntries(entries) as JsonValue;
}
