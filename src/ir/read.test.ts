import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Header } from 'tar';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { readPipeline, readPipelineDocument } from './read.ts';
import type { PipelineDocument, TaskSpec } from './spec.ts';

const PIPELINE = `# PIPELINE DEFINITION
components:
  comp-train:
    executorLabel: exec-train
    inputDefinitions:
      parameters:
        epochs: {parameterType: NUMBER_INTEGER, defaultValue: 3.0}
deploymentSpec:
  executors:
    exec-train:
      container:
        image: python:3.11
        command: [echo]
pipelineInfo:
  name: small
root:
  dag:
    tasks:
      train:
        componentRef: {name: comp-train}
        taskInfo: {name: Train it}
schemaVersion: 2.1.0
sdkVersion: kfp-2.14.0
`;
const PLATFORM = `platforms:
  kubernetes:
    deploymentSpec:
      executors:
        exec-train:
          imagePullPolicy: Always
          node_selector: {labels: {some_label: x}}
`;

function read(content: string | Uint8Array): PipelineDocument {
  const { document, problems } = readPipelineDocument(content);
  assert.ok(document, JSON.stringify(problems));
  return document;
}

const trainTask = (document: PipelineDocument): TaskSpec => document.spec.root.dag!.tasks['train']!;
const withTask = (lines: string): string =>
  PIPELINE.replace('        taskInfo: {name: Train it}\n', lines.replaceAll(/^(?=.)/gm, '        '));

test('a pipeline is read into normal form', () => {
  const { spec, platform, defaultArguments } = read(PIPELINE);
  assert.equal(spec.pipelineInfo.name, 'small');
  assert.deepEqual(spec.components['comp-train']?.inputDefinitions.parameters['epochs'], {
    parameterType: 'NUMBER_INTEGER',
    defaultValue: 3,
    isOptional: false,
  });
  assert.deepEqual(spec.root.dag?.tasks['train'], {
    displayName: 'Train it',
    componentName: 'comp-train',
    inputs: { parameters: {}, artifacts: {} },
    dependentTasks: [],
    caching: { enabled: false },
    trigger: { strategy: 'ALL_UPSTREAM_TASKS_SUCCEEDED' },
  });
  assert.deepEqual(spec.executors['exec-train'], {
    kind: 'container',
    container: { image: 'python:3.11', command: ['echo'], args: [], env: [] },
  });
  assert.deepEqual([platform, defaultArguments], [{ executors: {}, pipelineConfig: {} }, {}]);
});

describe('forms of a document', () => {
  const { spec } = read(PIPELINE);
  const indented = (text: string, by: string) => text.replaceAll(/^(?=.)/gm, by);
  const manifest = (kind: string, rest: string) =>
    `apiVersion: pipelines.kubeflow.org/v2beta1\nkind: ${kind}\nmetadata: {name: x}\n${rest}`;
  const version = manifest(
    'PipelineVersion',
    `spec:\n  pipelineSpec:\n${indented(PIPELINE, '    ')}  platformSpec:\n${indented(PLATFORM, '    ')}`,
  );
  const bytes = new TextEncoder();
  const rows: readonly [form: string, content: string | Uint8Array, hasPlatform: boolean][] = [
    ['YAML', PIPELINE, false],
    ['two documents', `${PIPELINE}---\n${PLATFORM}`, true],
    ['two documents, the platform first', `${PLATFORM}---\n${PIPELINE}`, true],
    ['an empty document among them', `---\n${PIPELINE}---\n---\n${PLATFORM}`, true],
    ['a pair of manifests', `${manifest('Pipeline', 'spec: {}\n')}---\n${version}`, true],
    ['a job', `displayName: d\npipelineSpec:\n${indented(PIPELINE, '  ')}`, false],
    ['bytes', bytes.encode(PIPELINE), false],
    ['gzip of the text', gzipSync(PIPELINE), false],
    [
      'zip',
      zipSync({ 'readme.txt': bytes.encode('x'), 'a.yaml': bytes.encode('a: 1'), 'pipeline.yaml': bytes.encode(PIPELINE) }),
      false,
    ],
    ['zip with any YAML file', zipSync({ 'dir/mine.yml': bytes.encode(PIPELINE) }), false],
    [
      'tar.gz',
      gzipSync(
        tar([
          ['notes.md', 'hi'],
          ['dir/pipeline.yaml', PIPELINE],
        ]),
      ),
      false,
    ],
  ];
  for (const [form, content, hasPlatform] of rows) {
    test(`${form} is read`, () => {
      const document = read(content);
      assert.deepEqual({ ...document.spec, pipelineInfo: { name: 'small' } }, spec);
      const executors = { 'exec-train': { imagePullPolicy: 'Always', nodeSelector: { labels: { some_label: 'x' } } } };
      assert.deepEqual(document.platform.executors, hasPlatform ? executors : {});
    });
  }
});

/** A tar of plain files. */
function tar(files: readonly [name: string, text: string][]): Buffer {
  const blocks = files.flatMap(([path, text]) => {
    const header = new Header({ path, size: Buffer.byteLength(text), type: 'File', mode: 0o644, mtime: new Date(0) });
    const block = Buffer.alloc(512);
    header.encode(block);
    return [block, Buffer.from(text), Buffer.alloc((512 - (Buffer.byteLength(text) % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

test('a job brings its arguments and root, in both spellings of values', () => {
  const config =
    'runtimeConfig:\n  gcsOutputDirectory: gs://b/r\n  parameters: {a: {intValue: "3"}, b: {stringValue: x}}\n  parameterValues: {c: [1]}\n';
  const { defaultArguments, pipelineRoot } = read(`${config}pipelineSpec:\n${PIPELINE.replaceAll(/^(?=.)/gm, '  ')}`);
  assert.deepEqual([defaultArguments, pipelineRoot], [{ a: 3, b: 'x', c: [1] }, 'gs://b/r']);
});

describe('spellings of a task', () => {
  const rows: readonly [lines: string, part: Partial<TaskSpec>][] = [
    ['caching_options: {enable_cache: true, cache_key: k}\n', { caching: { enabled: true, key: 'k' } }],
    ['triggerPolicy: {strategy: 2}\n', { trigger: { strategy: 'ALL_UPSTREAM_TASKS_COMPLETED' } }],
    [
      'triggerPolicy: {strategy: ALL_UPSTREAM_TASKS_COMPLETED, condition: "1 == 1"}\n',
      { trigger: { condition: '1 == 1', strategy: 'ALL_UPSTREAM_TASKS_COMPLETED' } },
    ],
    [
      'retryPolicy: {maxRetryCount: "2", backoffDuration: 1.5s}\n',
      { retryPolicy: { maxRetryCount: 2, backoffMs: 1500, backoffFactor: 2, backoffMaxMs: 3_600_000 } },
    ],
    [
      'retryPolicy: {maxRetryCount: 2.0, backoffMaxDuration: 0s, backoffFactor: 3}\n',
      { retryPolicy: { maxRetryCount: 2, backoffMs: 0, backoffFactor: 3, backoffMaxMs: 0 } },
    ],
    [
      'inputs: {parameters: {epochs: {runtimeValue: {constantValue: {intValue: "7"}}}}}\n',
      { inputs: { parameters: { epochs: { kind: 'constant', value: 7 } }, artifacts: {} } },
    ],
    [
      'inputs: {parameters: {epochs: {runtimeValue: {constant: 7.0}, parameterExpressionSelector: number_value}}}\n',
      { inputs: { parameters: { epochs: { kind: 'constant', value: 7, selector: 'number_value' } }, artifacts: {} } },
    ],
    [
      'iteratorPolicy: {parallelismLimit: 2}\nparameterIterator: {itemInput: epochs, items: {raw: "[1, 2]"}}\n',
      {
        iterator: {
          kind: 'parameter',
          items: { kind: 'raw', items: [1, 2], text: '[1, 2]' },
          itemInput: 'epochs',
          parallelismLimit: 2,
        },
      },
    ],
  ];
  for (const [lines, part] of rows) {
    test(lines.trim(), () => {
      const task = trainTask(read(withTask(lines)));
      for (const [key, value] of Object.entries(part)) assert.deepEqual(task[key as keyof TaskSpec], value);
    });
  }
});

describe('resources', () => {
  const rows: readonly [resources: string, expected: object][] = [
    ['{cpuLimit: 1.0, memoryLimit: 15.0}', { cpuLimit: '1', memoryLimit: '15G' }],
    [
      '{cpuLimit: 1.0, resourceCpuLimit: 500m, resourceMemoryRequest: 64Mi, memoryRequest: 0.067}',
      { cpuLimit: '500m', memoryRequest: '64Mi' },
    ],
    ['{accelerator: {count: "2", type: nvidia.com/gpu}}', { accelerator: { type: 'nvidia.com/gpu', count: '2' } }],
    [
      '{accelerator: {resourceCount: "{{$.inputs.parameters[\'n\']}}", resourceType: tpu, count: 1}}',
      { accelerator: { type: 'tpu', count: "{{$.inputs.parameters['n']}}" } },
    ],
  ];
  for (const [resources, expected] of rows) {
    test(resources, () => {
      const { spec } = read(PIPELINE.replace('command: [echo]', `resources: ${resources}`));
      const executor = spec.executors['exec-train']!;
      assert.deepEqual(executor.kind === 'container' && executor.container.resources, expected);
    });
  }
});

describe('mistakes', () => {
  const rows: readonly [what: string, content: string | Uint8Array, path: string, message: RegExp, line?: number][] = [
    [
      'an unknown field',
      PIPELINE.replace('taskInfo', 'taskinfo'),
      'root.dag.tasks.train.taskinfo',
      /unknown field "taskinfo"/,
      21,
    ],
    ['a wrong type', PIPELINE.replace('name: small', 'name: 12'), 'pipelineInfo.name', /expected a string, found a number/, 15],
    [
      'a wrong enum',
      PIPELINE.replace('NUMBER_INTEGER', 'INTEGER'),
      'components.comp-train.inputDefinitions.parameters.epochs.parameterType',
      /not one of/,
      7,
    ],
    [
      'two members of a oneof',
      PIPELINE.replace('    executorLabel: exec-train', '    executorLabel: exec-train\n    dag: {tasks: {}}'),
      'components.comp-train.executorLabel',
      /only one of dag and executorLabel/,
    ],
    [
      'a field in two spellings',
      PIPELINE.replace('schemaVersion: 2.1.0', 'schemaVersion: 2.1.0\nschema_version: 2.1.0'),
      'schema_version',
      /given twice/,
    ],
    ['an old schema', PIPELINE.replace('2.1.0', '1.0.0'), 'schemaVersion', /only supports schema version 2\.1\.0/, 22],
    ['no root', 'pipelineInfo: {name: x}\nschemaVersion: 2.1.0\n', 'root', /no root/],
    [
      'a bad duration',
      withTask('retryPolicy: {backoffDuration: 60}\n'),
      'root.dag.tasks.train.retryPolicy.backoffDuration',
      /expected a duration/,
    ],
    [
      'raw items that are no list',
      withTask('parameterIterator: {itemInput: epochs, items: {raw: "{}"}}\n'),
      'root.dag.tasks.train.parameterIterator.items.raw',
      /not the JSON text of a list/,
    ],
    ['two pipelines', `${PIPELINE}---\n${PIPELINE}`, '', /more than one pipeline/],
    ['two platforms', `${PIPELINE}---\n${PLATFORM}---\n${PLATFORM}`, '', /more than one platform/],
    ['a component', 'name: x\nimplementation: {container: {image: i}}\n', '', /this is a component/],
    ['a platform alone', PLATFORM, '', /no pipeline spec is provided/],
    ['nothing', '', '', /the document is empty/],
    ['a list', '- 1\n', '', /no pipeline spec is provided/],
    ['not text', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0xff]), '', /neither UTF-8 text nor/],
    ['a broken zip', new Uint8Array([0x50, 0x4b, 3, 4, 9]), '', /cannot be unpacked/],
    ['a zip without YAML', zipSync({ 'a.txt': new Uint8Array(3) }), '', /no pipeline\.yaml/],
    ['a gzip that unpacks to too much', gzipSync(Buffer.alloc(33 * 1024 * 1024)), '', /larger than 32 MiB/],
    [
      'a name that would reach a prototype',
      PIPELINE.replace('  comp-train:', '  __proto__: {executorLabel: exec-train}\n  comp-train:'),
      'components.__proto__',
      /cannot be used/,
    ],
  ];
  for (const [what, content, path, message, line] of rows) {
    test(`${what} is refused with its place`, () => {
      const { document, problems } = readPipelineDocument(content);
      assert.equal(document, undefined);
      const found = problems.find((problem) => problem.path === path && message.test(problem.message));
      assert.ok(found, JSON.stringify(problems));
      if (line !== undefined) assert.equal(found.line, line);
    });
  }

  test('all of them are reported at once, with the likely meaning', () => {
    const { problems } = readPipelineDocument(PIPELINE.replace('taskInfo', 'taskinfo').replace('sdkVersion', 'sdkversion'));
    assert.deepEqual(
      problems.map(({ hint }) => hint),
      ['Did you mean taskInfo?', 'Did you mean sdkVersion?'],
    );
  });

  test('an unknown field in the deployment spec is a warning', () => {
    const { document, problems } = readPipelineDocument(PIPELINE.replace('command: [echo]', 'comand: [echo]'));
    assert.ok(document);
    assert.deepEqual(
      problems.map(({ severity, path }) => [severity, path]),
      [['warning', 'deploymentSpec.executors.exec-train.container.comand']],
    );
  });
});

test('an Argo Workflow is recognised and left to another reader', () => {
  const { kind, document } = readPipelineDocument('apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nspec: {}\n');
  assert.deepEqual([kind, document], ['argo', undefined]);
  assert.throws(() => readPipeline('apiVersion: argoproj.io/v1alpha1\nkind: Workflow\n', { fileName: 'w.yaml' }), {
    code: 'UNSUPPORTED',
  });
});

test('readPipeline throws every problem as one product error', () => {
  assert.equal(readPipeline(PIPELINE).spec.pipelineInfo.name, 'small');
  assert.throws(() => readPipeline('a: 1', { fileName: 'x.yaml' }), { code: 'INVALID_PIPELINE', message: /x\.yaml/ });
});
