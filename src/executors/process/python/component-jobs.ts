/** For tests: the Python components in compiled pipelines, each with an executor input made up for it. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadAll } from 'js-yaml';
import { recognisePythonStep } from './recognise.ts';

type Loose = { readonly [key: string]: Loose } & { readonly [Symbol.iterator]?: unknown };

export interface Component {
  readonly file: string;
  readonly executor: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly inputs: { readonly parameters: Definitions; readonly artifacts: Definitions };
  readonly outputs: { readonly parameters: Definitions; readonly artifacts: Definitions };
}

type Definitions = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Every container executor of every pipeline file below a folder whose command or arguments mention kfp's runtime. */
export function findComponents(folder: string): readonly Component[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (file) => /\.(?:ya?ml|json)$/.test(file) && !file.endsWith('index.json'),
  );
  return files.toSorted().flatMap((file) => readComponents(file, readFileSync(join(folder, file), 'utf8')));
}

function readComponents(file: string, text: string): readonly Component[] {
  let documents: readonly unknown[];
  try {
    documents = loadAll(text) as readonly unknown[];
  } catch {
    return [];
  }
  return documents.flatMap((document) => {
    const spec = ((document as Loose | null)?.['pipelineSpec'] ?? document) as Loose | null;
    const executors = Object.entries(spec?.['deploymentSpec']?.['executors'] ?? spec?.['deploymentConfig']?.['executors'] ?? {});
    return executors.flatMap(([executor, value]) => readComponent(file, executor, value as Loose, spec!));
  });
}

function readComponent(file: string, executor: string, value: Loose, spec: Loose): readonly Component[] {
  const container = value['container'] as unknown as { command?: unknown[]; args?: unknown[] } | undefined;
  const command = (container?.command ?? []).map(String);
  const args = (container?.args ?? []).map(String);
  if (![...command, ...args].some((word) => /-m kfp\S*\.executor_main|^kfp\S*\.executor_main$/.test(word))) return [];
  const component = Object.values(spec['components'] ?? {}).find(
    (one) => (one as Loose)['executorLabel'] === (executor as unknown),
  ) as Loose | undefined;
  const side = (name: string) => ({
    parameters: (component?.[name]?.['parameters'] ?? {}) as unknown as Definitions,
    artifacts: (component?.[name]?.['artifacts'] ?? {}) as unknown as Definitions,
  });
  return [{ file, executor, command, args, inputs: side('inputDefinitions'), outputs: side('outputDefinitions') }];
}

const VALUES: Readonly<Record<string, unknown>> = {
  STRING: 'text',
  NUMBER_INTEGER: 3,
  NUMBER_DOUBLE: 2.5,
  BOOLEAN: true,
  LIST: ['a', 'b'],
  STRUCT: { k: 1 },
  TASK_FINAL_STATUS: {
    state: 'SUCCEEDED',
    pipelineJobResourceName: 'run',
    pipelineTaskName: 'task',
    error: { code: 0, message: '' },
  },
  TASK_CONFIG: { resources: { limits: { cpu: '1' } } },
};

/** Whether inputs that may be left out are given. */
export type Fill = 'required' | 'all';

export interface Job {
  readonly request: Readonly<Record<string, unknown>>;
  readonly cwd: string;
  readonly log: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Writes the component's input artifacts below `root` and answers with a request for python_step.py. */
export function makeJob(component: Component, root: string, fill: Fill): Job | undefined {
  const input = JSON.stringify(makeExecutorInput(component, root, fill));
  const args = component.args.map((word) => word.replace('{{$}}', () => input));
  const step = recognisePythonStep(component.command, args);
  if (step?.source === undefined) return undefined;
  const { source, functionName, executorInput, module, extraArgs } = step;
  mkdirSync(join(root, 'work'), { recursive: true });
  const request = { source, function: functionName, executorInput, module, folder: join(root, 'component'), extraArgs };
  return { request, cwd: join(root, 'work'), log: join(root, 'log'), env: {} };
}

function makeExecutorInput({ inputs, outputs }: Component, root: string, fill: Fill): unknown {
  const parameterValues: Record<string, unknown> = {};
  for (const [name, definition] of Object.entries(inputs.parameters)) {
    const type = (definition['parameterType'] as string | undefined) ?? 'STRING';
    const given = fill === 'all' || !definition['isOptional'] || type === 'TASK_FINAL_STATUS';
    const value = definition['defaultValue'] ?? (given ? VALUES[type] : undefined);
    if (value !== undefined) parameterValues[name] = value;
  }
  const mapped = <T>(definitions: Definitions, make: (name: string, definition: Readonly<Record<string, unknown>>) => T) =>
    Object.fromEntries(Object.entries(definitions).map(([name, definition]) => [name, make(name, definition)]));
  const wanted = ([, definition]: readonly [string, Definitions[string]]) => fill === 'all' || !definition['isOptional'];
  const givenArtifacts = Object.fromEntries(Object.entries(inputs.artifacts).filter(wanted));
  return {
    inputs: {
      parameterValues,
      artifacts: mapped(givenArtifacts, (name, definition) => inputArtifacts(name, definition, root)),
    },
    outputs: {
      outputFile: join(root, 'out', 'output_metadata.json'),
      parameters: mapped(outputs.parameters, (name) => ({ outputFile: join(root, 'out', 'parameters', name) })),
      artifacts: mapped(outputs.artifacts, (name, definition) => ({
        artifacts: [
          { name, uri: join(root, 'out', name), type: definition['artifactType'], metadata: definition['metadata'] ?? {} },
        ],
      })),
    },
  };
}

function inputArtifacts(name: string, definition: Readonly<Record<string, unknown>>, root: string): unknown {
  const count = definition['isArtifactList'] ? 2 : 1;
  const artifacts = Array.from({ length: count }, (_, index) => {
    const uri = join(root, 'in', `${name}-${index}`);
    mkdirSync(dirname(uri), { recursive: true });
    writeFileSync(uri, `${name} ${index}\n`);
    return { name: String(index + 1), uri, type: definition['artifactType'], metadata: { rows: 3, framework: 'none' } };
  });
  return { artifacts };
}
