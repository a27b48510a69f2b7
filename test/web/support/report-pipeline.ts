import type { JsonObject, JsonValue } from '../../../src/base/json.ts';

/** Writes artifacts of every kind that is shown, and their metadata as the SDK writes it; a loop, a condition and a step that fails on request. */
export function reportPipeline(): JsonObject {
  const outputs = Object.entries(ARTIFACTS);
  return {
    pipelineInfo: { name: 'report' },
    schemaVersion: '2.1.0',
    sdkVersion: 'kfp-2.14.6',
    root: {
      inputDefinitions: {
        parameters: {
          mode: { parameterType: 'STRING', defaultValue: 'fine', isOptional: true },
          rate: { parameterType: 'NUMBER_DOUBLE', defaultValue: 0.5, isOptional: true },
        },
      },
      dag: {
        tasks: {
          write: task('write', { parameters: { mode: { componentInputParameter: 'mode' } } }),
          each: {
            ...task('each', { parameters: {} }),
            dependentTasks: ['write'],
            parameterIterator: { itemInput: 'item', items: { raw: '[1, 2, 3]' } },
          },
          read: {
            ...task('read', {
              parameters: {},
              artifacts: { table: { taskOutputArtifact: { producerTask: 'write', outputArtifactKey: 'table' } } },
            }),
            dependentTasks: ['write'],
          },
          maybe: {
            ...task('maybe', { parameters: { mode: { componentInputParameter: 'mode' } } }),
            dependentTasks: ['each'],
            triggerPolicy: { condition: "inputs.parameter_values['mode'] == 'never'" },
          },
        },
      },
    },
    components: {
      'comp-write': {
        executorLabel: 'exec-write',
        inputDefinitions: { parameters: { mode: { parameterType: 'STRING' } } },
        outputDefinitions: {
          artifacts: Object.fromEntries(
            outputs.map(([name, { type }]) => [name, { artifactType: { schemaTitle: type, schemaVersion: '0.0.1' } }]),
          ),
        },
      },
      'comp-each': {
        inputDefinitions: { parameters: { item: { parameterType: 'NUMBER_INTEGER' } } },
        dag: { tasks: { step: task('step', { parameters: { item: { componentInputParameter: 'item' } } }) } },
      },
      'comp-step': {
        executorLabel: 'exec-step',
        inputDefinitions: { parameters: { item: { parameterType: 'NUMBER_INTEGER' } } },
      },
      'comp-read': {
        executorLabel: 'exec-read',
        inputDefinitions: { artifacts: { table: { artifactType: { schemaTitle: 'system.Dataset', schemaVersion: '0.0.1' } } } },
      },
      'comp-maybe': { executorLabel: 'exec-step', inputDefinitions: { parameters: { mode: { parameterType: 'STRING' } } } },
    },
    deploymentSpec: {
      executors: {
        'exec-write': container(writeAll(), [
          "{{$.inputs.parameters['mode']}}",
          '{{$.outputs.output_file}}',
          ...outputs.map(([name]) => `{{$.outputs.artifacts['${name}'].path}}`),
        ]),
        'exec-step': container('printf "\\033[32mstep of item $0\\033[0m\\n"', ["{{$.inputs.parameters['item']}}"]),
        'exec-read': container('cat "$0"', ["{{$.inputs.artifacts['table'].path}}"]),
      },
    },
  };
}

interface Written {
  readonly type: string;
  readonly text?: string;
  readonly metadata?: JsonObject;
}

const CURVE: JsonValue = [
  { confidenceThreshold: 0.9, recall: 0.6, falsePositiveRate: 0.05 },
  { confidenceThreshold: 0.5, recall: 0.9, falsePositiveRate: 0.2 },
];
const MATRIX: JsonValue = {
  annotationSpecs: [{ displayName: 'cat' }, { displayName: 'dog' }],
  rows: [{ row: [8, 2] }, { row: [1, 9] }],
};

export const ARTIFACTS: Readonly<Record<string, Written>> = {
  metrics: { type: 'system.Metrics', metadata: { accuracy: 0.97, note: 'good' } },
  curve: { type: 'system.ClassificationMetrics', metadata: { confidenceMetrics: CURVE, confusionMatrix: MATRIX } },
  slices: {
    type: 'system.SlicedClassificationMetrics',
    metadata: {
      evaluationSlices: [
        { slice: 'country=DE', sliceClassificationMetrics: { confidenceMetrics: CURVE } },
        { slice: 'country=FR', sliceClassificationMetrics: { confidenceMetrics: CURVE, confusionMatrix: MATRIX } },
      ],
    },
  },
  notes: { type: 'system.Markdown', text: '# Findings\n\nIt is **well**.\n\n<script>document.title = "taken over"</script>\n' },
  page: {
    type: 'system.HTML',
    text: '<h1>Report of a step</h1><script>try { parent.document.title = "taken over" } catch {}</script>',
  },
  table: { type: 'system.Dataset', text: 'name,weight\nAdelie,3700\nGentoo,5100\nAdelie,3500\n' },
  model: { type: 'system.Model', text: 'a model', metadata: { framework: 'none' } },
};

/** The metadata goes where KFP's executors leave it; `fail` ends the step before that. */
function writeAll(): string {
  const names = Object.keys(ARTIFACTS);
  const metadata = {
    artifacts: Object.fromEntries(
      Object.entries(ARTIFACTS).map(([name, { metadata: own = {} }]) => [name, { artifacts: [{ metadata: own }] }]),
    ),
  };
  return [
    'echo "mode is $0"',
    'if [ "$0" = fail ]; then echo "ValueError: mode fail is not allowed" >&2; exit 3; fi',
    'mkdir -p "$(dirname "$1")"',
    `cat > "$1" <<'END'\n${JSON.stringify(metadata)}\nEND`,
    ...names.map(
      (name, index) =>
        `mkdir -p "$(dirname "\${${index + 2}}")"; cat > "\${${index + 2}}" <<'END'\n${(ARTIFACTS[name]!.text ?? '').trimEnd()}\nEND`,
    ),
  ].join('\n');
}

const container = (sh: string, args: readonly string[]): JsonObject => ({
  container: { image: 'busybox', command: ['sh', '-c', sh], args: [...args] },
});

const task = (name: string, inputs: JsonObject): JsonObject => ({
  taskInfo: { name },
  componentRef: { name: `comp-${name}` },
  cachingOptions: {},
  inputs,
});
