/** Pipelines whose images are built here from sources of ours: each of their steps has to be started with exactly these arguments. */
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { JsonObject } from '../src/base/json.ts';
import { logFile } from '../src/launcher/log-file.ts';
import type { RunRow, TaskRow } from '../src/model/run.ts';
import type { Entry } from './conformance-entries.ts';

interface Expected {
  /** By the path of the step; none for a program that does not record them. `uri` of an output, by path and name. */
  readonly steps: (uri: (path: string, output: string) => string) => Readonly<Record<string, readonly string[]>>;
  readonly outputs?: JsonObject;
  /** Of the corpus. Default: image. */
  readonly runnable?: string;
}

/** Any path: where a step writes a parameter is the executor's choice. */
const PATH = '<path>';

const twoSteps: Expected['steps'] = (uri) => ({
  '/ingestion': ['--input-location', 'gs://test-bucket/pipeline_root', '--output-examples', uri('/ingestion', 'examples')],
  '/trainer': [
    '--input-examples',
    uri('/ingestion', 'examples'),
    '--optimizer',
    'sgd',
    '--n_epochs',
    '200',
    '--output-model',
    uri('/trainer', 'model'),
  ],
});

const EXPECTED: Readonly<Record<string, Expected>> = {
  'containerized_python_component.yaml': { steps: () => ({}), outputs: { Output: 'abcabc' } },
  'container_with_artifact_output.yaml': {
    steps: (uri) => ({
      '/container-with-artifact-output': [
        '--epochs',
        '7',
        '--model_path',
        uri('/container-with-artifact-output', 'model'),
        '--model_metadata',
        '{}',
        '--model_config_path',
        PATH,
      ],
    }),
    outputs: { model_config_path: 'recorded' },
  },
  // The corpus has it among those that need no image, and what it states is that the program is not found.
  'pipelines/pipeline_with_concat_placeholder.yaml': {
    runnable: 'offline',
    steps: () => ({ '/component-with-concat-placeholder': ['--arg0', 'some prefix:some value'] }),
  },
  'pipeline_with_if_placeholder.yaml': {
    steps: () => ({ '/component-with-optional-inputs': ['--arg0', 'abc', '--arg1', 'abc', '--arg3', 'default value'] }),
  },
  'pipeline_with_importer_and_gcpc_types.yaml': {
    steps: () => ({ '/consumer-op': ['/gcs/ml-pipeline-playground/shakespeare1.txt'] }),
  },
  'pipeline_with_ontology.yaml': { steps: twoSteps },
  'pipeline_with_resource_spec.yaml': { steps: twoSteps },
};

/** Undefined for an entry whose images are not ours. What the corpus states of them is what they do where the image is missing. */
function expectedOf({ file, runnable }: Entry): Expected | undefined {
  const [, expected] = Object.entries(EXPECTED).find(([end]) => file.endsWith(`/${end}`)) ?? [];
  return expected && runnable === (expected.runnable ?? 'image') ? expected : undefined;
}

export const hasExpectedArguments = (entry: Entry): boolean => expectedOf(entry) !== undefined;

export interface RecordedRun {
  readonly run: RunRow;
  readonly tasks: readonly TaskRow[];
  readonly dataDir: string;
}

/** What is not as expected; every difference is one sentence. */
export function compareArguments(entry: Entry, { run, tasks, dataDir }: RecordedRun): string[] {
  const { steps, outputs = {} } = expectedOf(entry)!;
  if (run.state !== 'SUCCEEDED') {
    const failed = tasks.find(({ state, error }) => state === 'FAILED' && error !== null);
    return [`the run is ${run.state}, expected SUCCEEDED (${failed?.path}: ${failed?.error?.message.slice(0, 300)})`];
  }
  const differences: string[] = [];
  const found = run.outputs?.parameters ?? {};
  if (!isDeepStrictEqual(found, outputs))
    differences.push(`the outputs are ${JSON.stringify(found)}, expected ${JSON.stringify(outputs)}`);
  const uri = (path: string, output: string): string =>
    tasks.find((task) => task.path === path)?.outputs?.artifacts[output]?.[0]?.uri ?? 'nothing';
  for (const [path, expected] of Object.entries(steps(uri))) {
    const task = tasks.find((candidate) => candidate.path === path);
    const actual = task === undefined ? [] : recordedArguments(task, dataDir);
    const shown = actual.map((argument, index) => (expected[index] === PATH && argument.startsWith('/') ? PATH : argument));
    if (!isDeepStrictEqual(shown, expected))
      differences.push(`${path} was started with ${JSON.stringify(actual)}, expected ${JSON.stringify(expected)}`);
  }
  return differences;
}

/** See test/images/record-arguments. */
function recordedArguments({ runId, task, attempts }: TaskRow, dataDir: string): string[] {
  const log = readFileSync(logFile(dataDir, `${runId}.${task}.${attempts - 1}`), 'utf8');
  return [...log.matchAll(/^argument: (.*)$/gm)].map(([, argument]) => argument!);
}
