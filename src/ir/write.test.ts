import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPipelineDocument } from './read.ts';
import { writeDocument, writePipelineYaml } from './write.ts';

const YAML = `# PIPELINE DEFINITION
# Name: tiny
# Description: First line
#              and second.
# Inputs:
#    items: list [Default: [1.0, "it's"]]
#    who: str
# Outputs:
#    data: system.Dataset
components:
  comp-make:
    executorLabel: exec-make
    inputDefinitions:
      parameters:
        'n':
          defaultValue: 3.0
          isOptional: true
          parameterType: NUMBER_INTEGER
    outputDefinitions:
      artifacts:
        data:
          artifactType:
            schemaTitle: system.Dataset
            schemaVersion: 0.0.1
deploymentSpec:
  executors:
    exec-make:
      container:
        args:
        - --executor_input
        - '{{$}}'
        image: python:3.11
pipelineInfo:
  description: |-
    First line
    and second.
  name: tiny
root:
  dag:
    outputs:
      artifacts:
        data:
          artifactSelectors:
          - outputArtifactKey: data
            producerSubtask: make
    tasks:
      make:
        cachingOptions:
          enableCache: true
        componentRef:
          name: comp-make
        retryPolicy:
          backoffDuration: 60s
          backoffFactor: 2.0
          backoffMaxDuration: 3600s
          maxRetryCount: 2
        taskInfo:
          name: make
  inputDefinitions:
    parameters:
      items:
        defaultValue:
        - 1.0
        - it's
        parameterType: LIST
      who:
        parameterType: STRING
  outputDefinitions:
    artifacts:
      data:
        artifactType:
          schemaTitle: system.Dataset
          schemaVersion: 0.0.1
schemaVersion: 2.1.0
sdkVersion: kfp-2.14.0
---
platforms:
  kubernetes:
    deploymentSpec:
      executors:
        exec-make:
          imagePullPolicy: Always
`;

test("YAML comes out in the layout of KFP's compiler", () => {
  const { document, problems } = readPipelineDocument(YAML);
  assert.deepEqual(problems, []);
  assert.equal(writePipelineYaml(document!), YAML);
});

test('the same document gives the same JSON text, whatever form it was read from', () => {
  const { document } = readPipelineDocument(YAML);
  const text = writeDocument(document!);
  assert.equal(writeDocument(readPipelineDocument(text).document!), text);
  assert.equal(writeDocument(readPipelineDocument(YAML.replace('isOptional', 'is_optional')).document!), text);
});

test('arguments, root and platform of a job are kept', () => {
  const { document } = readPipelineDocument(YAML);
  const job = { ...document!, defaultArguments: { who: 'x', n: 1e21 }, pipelineRoot: 'gs://b' };
  assert.deepEqual(readPipelineDocument(writeDocument(job)).document, job);
  assert.deepEqual(readPipelineDocument(writePipelineYaml(job)).document, job);
});

test('A list to iterate over is written as it was read, spaces and decimals included.', () => {
  const iterator = { itemInput: 'x', items: { raw: '[1.0, {"a": 2}]' } };
  const tasks = { loop: { taskInfo: { name: 'loop' }, componentRef: { name: 'comp-loop' }, parameterIterator: iterator } };
  const spec = {
    pipelineInfo: { name: 'p' },
    schemaVersion: '2.1.0',
    root: { dag: { tasks } },
    components: {
      'comp-loop': { executorLabel: 'exec-loop', inputDefinitions: { parameters: { x: { parameterType: 'STRUCT' } } } },
    },
    deploymentSpec: { executors: { 'exec-loop': { container: { image: 'busybox', command: ['true'] } } } },
  };
  const { document, problems } = readPipelineDocument(JSON.stringify(spec));
  assert(document, JSON.stringify(problems));
  const written = JSON.parse(writeDocument(document)) as typeof spec;
  assert.equal(written.root.dag.tasks.loop.parameterIterator.items.raw, '[1.0, {"a": 2}]');
});
