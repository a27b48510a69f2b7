import type { JsonObject, JsonValue } from '../../src/base/json.ts';

export interface StepDescription {
  /** Shell text; `$0` and on are the `args`. */
  readonly sh: string;
  readonly args?: readonly string[];
  /** Input parameters: from a root parameter (`root:NAME`) or another step's output (`STEP.NAME`). */
  readonly inputs?: Readonly<Record<string, string>>;
  /** Names of text output parameters; the step writes their files. */
  readonly outputs?: readonly string[];
  readonly after?: readonly string[];
  readonly cached?: boolean;
  /** As the SDK writes them: `{ resourceCpuRequest: '2' }`. */
  readonly resources?: JsonObject;
}

export interface StepPipeline {
  readonly name?: string;
  /** Root parameters with their type and default. */
  readonly parameters?: Readonly<Record<string, { readonly type: string; readonly default?: JsonValue }>>;
  readonly steps: Readonly<Record<string, StepDescription>>;
  /** Root outputs: `STEP.NAME`. */
  readonly outputs?: Readonly<Record<string, string>>;
}

/** A pipeline of shell steps in KFP's format, for tests that need one they can read at a glance. */
export function stepPipeline(given: StepPipeline): JsonObject {
  const entries = Object.entries(given.steps);
  const parameters = Object.fromEntries(
    Object.entries(given.parameters ?? {}).map(([name, { type, default: defaultValue }]) => [
      name,
      { parameterType: type, ...(defaultValue === undefined ? {} : { defaultValue, isOptional: true }) },
    ]),
  );
  const rootOutputs = Object.entries(given.outputs ?? {}).map(([name, source]) => {
    const [producerSubtask, outputParameterKey] = source.split('.') as [string, string];
    return [name, { valueFromParameter: { producerSubtask, outputParameterKey } }] as const;
  });
  return {
    pipelineInfo: { name: given.name ?? 'steps' },
    schemaVersion: '2.1.0',
    sdkVersion: 'kfp-2.14.6',
    root: {
      dag: {
        tasks: Object.fromEntries(entries.map(([name, step]) => [name, taskOf(name, step)])),
        ...(rootOutputs.length > 0 ? { outputs: { parameters: Object.fromEntries(rootOutputs) } } : {}),
      },
      inputDefinitions: { parameters },
      outputDefinitions: { parameters: textTypes(rootOutputs.map(([name]) => name)) },
    },
    components: Object.fromEntries(entries.map(([name, step]) => [`comp-${name}`, componentOf(name, step)])),
    deploymentSpec: {
      executors: Object.fromEntries(
        entries.map(([name, step]) => [
          `exec-${name}`,
          {
            container: {
              image: 'busybox',
              command: ['sh', '-c', step.sh],
              args: [...(step.args ?? [])],
              ...(step.resources && { resources: step.resources }),
            },
          },
        ]),
      ),
    },
  };
}

function taskOf(name: string, step: StepDescription): JsonObject {
  const sources = Object.entries(step.inputs ?? {});
  const producers = sources.filter(([, source]) => !source.startsWith('root:')).map(([, source]) => source.split('.')[0]!);
  return {
    taskInfo: { name },
    componentRef: { name: `comp-${name}` },
    cachingOptions: step.cached === false ? {} : { enableCache: true },
    dependentTasks: [...new Set([...(step.after ?? []), ...producers])],
    inputs: { parameters: Object.fromEntries(sources.map(([input, source]) => [input, sourceOf(source)])) },
  };
}

function sourceOf(source: string): JsonObject {
  if (source.startsWith('root:')) return { componentInputParameter: source.slice('root:'.length) };
  const [producerTask, outputParameterKey] = source.split('.') as [string, string];
  return { taskOutputParameter: { producerTask, outputParameterKey } };
}

function componentOf(name: string, step: StepDescription): JsonObject {
  return {
    executorLabel: `exec-${name}`,
    inputDefinitions: { parameters: textTypes(Object.keys(step.inputs ?? {})) },
    outputDefinitions: { parameters: textTypes(step.outputs ?? []) },
  };
}

function textTypes(names: readonly string[]): JsonObject {
  return Object.fromEntries(names.map((name) => [name, { parameterType: 'STRING' }]));
}
