/**
 * Writes pipeline.yaml: `node examples/penguins/make-pipeline.ts`. The steps are the small files in steps/; each is put into
 * its container's command as text, so that the pipeline is one file that runs anywhere there is Node.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { dump } from 'js-yaml';

type Yaml = { readonly [key: string]: unknown };

const NAMES = ['bill_length_mm', 'bill_depth_mm', 'flipper_length_mm', 'body_mass_g'];
const [billLength, billDepth, flipper, mass] = NAMES as [string, string, string, string];
const candidate = (name: string, features: readonly string[], learningRate: number, l2: number, epochs: number): Yaml => ({
  name,
  features,
  learning_rate: learningRate,
  l2,
  epochs,
});
const CANDIDATES = [
  candidate('body mass alone', [mass], 0.5, 0, 200),
  candidate('flipper alone', [flipper], 0.5, 0, 200),
  candidate('bill length alone', [billLength], 0.5, 0, 200),
  candidate('bill', [billLength, billDepth], 0.5, 0, 300),
  candidate('bill and flipper', [billLength, billDepth, flipper], 0.5, 0, 300),
  candidate('all four, few rounds', NAMES, 0.1, 0, 20),
  candidate('all four, strong penalty', NAMES, 0.5, 1, 300),
  candidate('all four', NAMES, 0.5, 0.001, 300),
];

/** A step's text: the shared part in front of its own, as one module. */
function stepSource(name: string): string {
  const read = (file: string) => readFileSync(new URL(`steps/${file}.mjs`, import.meta.url), 'utf8');
  const shared = read('step').replaceAll(/^export /gm, '');
  return `${shared}\n${read(name).replace(/^import .* from '\.\/step\.mjs';\n\n?/m, '')}`;
}

const executor = (name: string): Yaml => ({
  container: {
    image: 'node:24-alpine',
    command: ['node', '--input-type=module', '-e', stepSource(name)],
    args: ['--', '{{$}}'],
  },
});

// Small words for the shapes of the format, so that the pipeline below can be read.
const artifact = (title: string): Yaml => ({ artifactType: { schemaTitle: `system.${title}`, schemaVersion: '0.0.1' } });
const artifactList = (title: string): Yaml => ({ ...artifact(title), isArtifactList: true });
const parameter = (parameterType: string): Yaml => ({ parameterType });
const fromInput = (name: string): Yaml => ({ componentInputParameter: name });
const artifactFromInput = (name: string): Yaml => ({ componentInputArtifact: name });
const fromTask = (producerTask: string, key: string): Yaml => ({
  taskOutputParameter: { producerTask, outputParameterKey: key },
});
const artifactFromTask = (producerTask: string, key: string): Yaml => ({
  taskOutputArtifact: { producerTask, outputArtifactKey: key },
});
const outputOf = (producerSubtask: string, key: string): Yaml => ({
  valueFromParameter: { producerSubtask, outputParameterKey: key },
});
const artifactOf = (producerSubtask: string, key: string): Yaml => ({
  artifactSelectors: [{ producerSubtask, outputArtifactKey: key }],
});

interface Definitions {
  readonly parameters?: Yaml;
  readonly artifacts?: Yaml;
}

/** A component made of one step. */
const leaf = (name: string, inputs: Definitions, outputs: Definitions = {}): Yaml => ({
  executorLabel: `exec-${name}`,
  ...(isEmpty(inputs) ? {} : { inputDefinitions: inputs }),
  ...(isEmpty(outputs) ? {} : { outputDefinitions: outputs }),
});

/** A component made of tasks. `from` says which task each output comes from. */
const group = (inputs: Definitions, tasks: Yaml, outputs: Definitions = {}, from: Definitions = {}): Yaml => ({
  dag: { ...(isEmpty(from) ? {} : { outputs: from }), tasks },
  ...(isEmpty(inputs) ? {} : { inputDefinitions: inputs }),
  ...(isEmpty(outputs) ? {} : { outputDefinitions: outputs }),
});

const isEmpty = (definitions: Definitions): boolean => Object.keys(definitions).length === 0;

const task = (component: string, inputs: Definitions, more: Yaml = {}): Yaml => ({
  taskInfo: { name: component },
  componentRef: { name: `comp-${component}` },
  cachingOptions: { enableCache: true },
  ...(isEmpty(inputs) ? {} : { inputs }),
  ...more,
});

const condition = (text: string): Yaml => ({ triggerPolicy: { condition: text } });

const GOOD_ENOUGH = "inputs.parameter_values['accuracy'] >= inputs.parameter_values['min_accuracy']";
const VERDICT_INPUTS: Definitions = {
  parameters: { accuracy: parameter('NUMBER_DOUBLE'), min_accuracy: parameter('NUMBER_DOUBLE') },
  artifacts: { model: artifact('Model') },
};
const VERDICT_SOURCES: Definitions = {
  parameters: { accuracy: fromInput('accuracy'), min_accuracy: fromInput('min_accuracy') },
  artifacts: { model: artifactFromInput('model') },
};
const ROOT_PARAMETERS: Yaml = {
  data_uri: { ...parameter('STRING'), description: 'Absolute path or URI of penguins.csv' },
  candidates: { ...parameter('LIST'), defaultValue: CANDIDATES, isOptional: true, description: 'Hyper-parameters to try' },
  min_accuracy: {
    ...parameter('NUMBER_DOUBLE'),
    defaultValue: 0.95,
    isOptional: true,
    description: 'Below it the model is held back',
  },
  test_fraction: { ...parameter('NUMBER_DOUBLE'), defaultValue: 0.25, isOptional: true },
  seed: { ...parameter('NUMBER_INTEGER'), defaultValue: 1, isOptional: true },
};
const passedOn = Object.fromEntries(Object.keys(ROOT_PARAMETERS).map((name) => [name, fromInput(name)]));
const typesOnly = Object.fromEntries(
  Object.entries(ROOT_PARAMETERS).map(([name, definition]) => [
    name,
    parameter((definition as { parameterType: string }).parameterType),
  ]),
);
const RESULT: Definitions = {
  parameters: { accuracy: parameter('NUMBER_DOUBLE'), verdict: parameter('STRING') },
  artifacts: { report: artifact('HTML') },
};

const components: Yaml = {
  'comp-import-table': leaf(
    'import-table',
    { parameters: { uri: parameter('STRING') } },
    { artifacts: { artifact: artifact('Dataset') } },
  ),
  'comp-split': leaf(
    'split',
    {
      parameters: { seed: parameter('NUMBER_INTEGER'), test_fraction: parameter('NUMBER_DOUBLE') },
      artifacts: { table: artifact('Dataset') },
    },
    { artifacts: { train: artifact('Dataset'), test: artifact('Dataset') } },
  ),
  'comp-train': leaf(
    'train',
    { parameters: { candidate: parameter('STRUCT') }, artifacts: { train: artifact('Dataset') } },
    { parameters: { validation_accuracy: parameter('NUMBER_DOUBLE') }, artifacts: { model: artifact('Model') } },
  ),
  'comp-for-each-candidate': group(
    { parameters: { candidates: parameter('LIST'), candidate: parameter('STRUCT') }, artifacts: { train: artifact('Dataset') } },
    {
      train: task('train', {
        parameters: { candidate: fromInput('candidate') },
        artifacts: { train: artifactFromInput('train') },
      }),
    },
    { parameters: { accuracies: parameter('LIST') }, artifacts: { models: artifactList('Model') } },
    { parameters: { accuracies: outputOf('train', 'validation_accuracy') }, artifacts: { models: artifactOf('train', 'model') } },
  ),
  'comp-select-best': leaf(
    'select-best',
    { parameters: { accuracies: parameter('LIST') }, artifacts: { models: artifactList('Model') } },
    { parameters: { name: parameter('STRING'), ranking: parameter('LIST') }, artifacts: { best: artifact('Model') } },
  ),
  'comp-evaluate': leaf(
    'evaluate',
    { artifacts: { model: artifact('Model'), test: artifact('Dataset') } },
    {
      parameters: { accuracy: parameter('NUMBER_DOUBLE'), species: parameter('LIST'), matrix: parameter('LIST') },
      artifacts: { metrics: artifact('Metrics'), confusion: artifact('ClassificationMetrics') },
    },
  ),
  'comp-publish': leaf(
    'publish',
    { parameters: { accuracy: parameter('NUMBER_DOUBLE') }, artifacts: { model: artifact('Model') } },
    { parameters: { verdict: parameter('STRING') }, artifacts: { released: artifact('Model') } },
  ),
  'comp-hold-back': leaf(
    'hold-back',
    { parameters: { accuracy: parameter('NUMBER_DOUBLE'), min_accuracy: parameter('NUMBER_DOUBLE') } },
    { parameters: { verdict: parameter('STRING') } },
  ),
  'comp-if-good-enough': group(
    VERDICT_INPUTS,
    {
      publish: task('publish', {
        parameters: { accuracy: fromInput('accuracy') },
        artifacts: { model: artifactFromInput('model') },
      }),
    },
    { parameters: { verdict: parameter('STRING') } },
    { parameters: { verdict: outputOf('publish', 'verdict') } },
  ),
  'comp-else': group(
    VERDICT_INPUTS,
    {
      'hold-back': task('hold-back', {
        parameters: { accuracy: fromInput('accuracy'), min_accuracy: fromInput('min_accuracy') },
      }),
    },
    { parameters: { verdict: parameter('STRING') } },
    { parameters: { verdict: outputOf('hold-back', 'verdict') } },
  ),
  'comp-decide': group(
    VERDICT_INPUTS,
    {
      'if-good-enough': task('if-good-enough', VERDICT_SOURCES, condition(GOOD_ENOUGH)),
      else: task('else', VERDICT_SOURCES, condition(`!(${GOOD_ENOUGH})`)),
    },
    { parameters: { verdict: parameter('STRING') } },
    {
      parameters: {
        verdict: {
          valueFromOneof: {
            parameterSelectors: [
              { producerSubtask: 'if-good-enough', outputParameterKey: 'verdict' },
              { producerSubtask: 'else', outputParameterKey: 'verdict' },
            ],
          },
        },
      },
    },
  ),
  'comp-report': leaf(
    'report',
    {
      parameters: {
        verdict: parameter('STRING'),
        ranking: parameter('LIST'),
        species: parameter('LIST'),
        matrix: parameter('LIST'),
      },
    },
    { artifacts: { page: artifact('HTML'), summary: artifact('Markdown') } },
  ),
  'comp-training': group(
    { parameters: typesOnly },
    {
      'import-table': task('import-table', { parameters: { uri: fromInput('data_uri') } }),
      split: task(
        'split',
        {
          parameters: { seed: fromInput('seed'), test_fraction: fromInput('test_fraction') },
          artifacts: { table: artifactFromTask('import-table', 'artifact') },
        },
        { dependentTasks: ['import-table'] },
      ),
      'for-each-candidate': task(
        'for-each-candidate',
        { parameters: { candidates: fromInput('candidates') }, artifacts: { train: artifactFromTask('split', 'train') } },
        {
          dependentTasks: ['split'],
          parameterIterator: { itemInput: 'candidate', items: { inputParameter: 'candidates' } },
          iteratorPolicy: { parallelismLimit: 4 },
        },
      ),
      'select-best': task(
        'select-best',
        {
          parameters: { accuracies: fromTask('for-each-candidate', 'accuracies') },
          artifacts: { models: artifactFromTask('for-each-candidate', 'models') },
        },
        { dependentTasks: ['for-each-candidate'] },
      ),
      evaluate: task(
        'evaluate',
        { artifacts: { model: artifactFromTask('select-best', 'best'), test: artifactFromTask('split', 'test') } },
        { dependentTasks: ['select-best', 'split'] },
      ),
      decide: task(
        'decide',
        {
          parameters: { accuracy: fromTask('evaluate', 'accuracy'), min_accuracy: fromInput('min_accuracy') },
          artifacts: { model: artifactFromTask('select-best', 'best') },
        },
        { dependentTasks: ['evaluate', 'select-best'] },
      ),
      report: task(
        'report',
        {
          parameters: {
            verdict: fromTask('decide', 'verdict'),
            ranking: fromTask('select-best', 'ranking'),
            species: fromTask('evaluate', 'species'),
            matrix: fromTask('evaluate', 'matrix'),
          },
        },
        { dependentTasks: ['decide', 'select-best', 'evaluate'] },
      ),
    },
    RESULT,
    {
      parameters: { accuracy: outputOf('evaluate', 'accuracy'), verdict: outputOf('decide', 'verdict') },
      artifacts: { report: artifactOf('report', 'page') },
    },
  ),
  'comp-tell': leaf(
    'tell',
    { parameters: { status: { ...parameter('TASK_FINAL_STATUS'), isOptional: true } } },
    { parameters: { message: parameter('STRING') } },
  ),
};

const steps = ['split', 'train', 'select-best', 'evaluate', 'publish', 'hold-back', 'report', 'tell'];
const pipeline: Yaml = {
  pipelineInfo: { name: 'penguins', description: 'Which penguin is it? Trains, compares and releases a small classifier.' },
  schemaVersion: '2.1.0',
  sdkVersion: 'pipewright-0.1.0',
  root: group(
    { parameters: ROOT_PARAMETERS },
    {
      training: task('training', { parameters: passedOn }),
      tell: task(
        'tell',
        { parameters: { status: { taskFinalStatus: { producerTask: 'training' } } } },
        { dependentTasks: ['training'], triggerPolicy: { strategy: 'ALL_UPSTREAM_TASKS_COMPLETED' }, cachingOptions: {} },
      ),
    },
    RESULT,
    {
      parameters: { accuracy: outputOf('training', 'accuracy'), verdict: outputOf('training', 'verdict') },
      artifacts: { report: artifactOf('training', 'report') },
    },
  ),
  components,
  deploymentSpec: {
    executors: {
      'exec-import-table': {
        importer: {
          artifactUri: { runtimeParameter: 'uri' },
          typeSchema: { schemaTitle: 'system.Dataset', schemaVersion: '0.0.1' },
          metadata: { licence: 'CC0-1.0', source: 'Palmer Station LTER, palmerpenguins' },
        },
      },
      ...Object.fromEntries(steps.map((name) => [`exec-${name}`, executor(name)])),
    },
  },
};

/** The text of pipeline.yaml; a test compares it with the file, so that the two do not drift apart. */
export function pipelineText(): string {
  return `# Made by make-pipeline.ts from the files in steps/; change those.\n${dump(pipeline, { lineWidth: -1, noRefs: true })}`;
}

if (import.meta.main) writeFileSync(new URL('pipeline.yaml', import.meta.url), pipelineText());
