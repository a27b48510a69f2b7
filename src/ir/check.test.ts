import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { findCycle } from './check-cycles.ts';
import { checkDocument } from './check.ts';
import { readPipelineDocument } from './read.ts';

type Json = { [key: string]: unknown };

/** A pipeline of two tasks, `make` → `use`, with whatever a test changes. */
function pipeline(change: (parts: { tasks: Json; root: Json; components: Json; executors: Json }) => void): string {
  const tasks: Json = {
    make: { componentRef: { name: 'comp-make' } },
    use: {
      componentRef: { name: 'comp-use' },
      dependentTasks: ['make'],
      inputs: { parameters: { n: { taskOutputParameter: { producerTask: 'make', outputParameterKey: 'Output' } } } },
    },
  };
  const root: Json = { dag: { tasks }, inputDefinitions: { parameters: { given: { parameterType: 'STRING' } } } };
  const components: Json = {
    'comp-make': { executorLabel: 'exec', outputDefinitions: { parameters: { Output: { parameterType: 'NUMBER_INTEGER' } } } },
    'comp-use': { executorLabel: 'exec', inputDefinitions: { parameters: { n: { parameterType: 'NUMBER_INTEGER' } } } },
  };
  const executors: Json = { exec: { container: { image: 'alpine', command: ['true'] } } };
  change({ tasks, root, components, executors });
  return JSON.stringify(
    { pipelineInfo: { name: 'p' }, schemaVersion: '2.1.0', root, components, deploymentSpec: { executors } },
    undefined,
    2,
  );
}

const use = (more: Json): Json => ({ componentRef: { name: 'comp-use' }, ...more });
const source = (value: Json): Json => ({ inputs: { parameters: { n: value } } });
const constant = source({ runtimeValue: { constant: 1 } });

test('a pipeline without mistakes has no problems', () => {
  const { document, problems } = readPipelineDocument(pipeline(() => undefined));
  assert.deepEqual(problems, []);
  assert.deepEqual(checkDocument(document!), []);
});

describe('what can never run is an error', () => {
  type Change = Parameters<typeof pipeline>[0];
  const rows: readonly [what: string, path: string, message: RegExp, change: Change][] = [
    ['no tasks', 'root.dag.tasks', /has no tasks/, ({ root }) => void (root['dag'] = { tasks: {} })],
    [
      'a root that is an executor',
      'root.executorLabel',
      /a DAG, not an executor/,
      ({ root }) => {
        delete root['dag'];
        root['executorLabel'] = 'exec';
      },
    ],
    [
      'an unknown component',
      'root.dag.tasks.make.componentRef.name',
      /component spec for "comp-mke" not found/,
      ({ tasks }) => void (tasks['make'] = { componentRef: { name: 'comp-mke' } }),
    ],
    [
      'an unknown executor',
      'components.comp-make.executorLabel',
      /executor with label "exc" not found/,
      ({ components }) => void ((components['comp-make'] as Json)['executorLabel'] = 'exc'),
    ],
    [
      'a component that is nothing',
      'components.comp-make',
      /neither dag nor executorLabel/,
      ({ components }) => void delete (components['comp-make'] as Json)['executorLabel'],
    ],
    [
      'an unknown dependency',
      'root.dag.tasks.use.dependentTasks[0]',
      /unknown producer task "mak" in DAG/,
      ({ tasks }) => void ((tasks['use'] as Json)['dependentTasks'] = ['mak']),
    ],
    [
      'an unknown producer',
      'root.dag.tasks.use.inputs.parameters.n',
      /unknown producer task "mak" in DAG/,
      ({ tasks }) =>
        void (tasks['use'] = use(source({ taskOutputParameter: { producerTask: 'mak', outputParameterKey: 'Output' } }))),
    ],
    [
      'an unknown output',
      'root.dag.tasks.use.inputs.parameters.n',
      /cannot find output parameter key "Outpt" in producer task "make"/,
      ({ tasks }) =>
        void (tasks['use'] = use(source({ taskOutputParameter: { producerTask: 'make', outputParameterKey: 'Outpt' } }))),
    ],
    [
      'an unknown input of the pipeline',
      'root.dag.tasks.use.inputs.parameters.n',
      /parent DAG does not have input parameter givn/,
      ({ tasks }) => void (tasks['use'] = use(source({ componentInputParameter: 'givn' }))),
    ],
    [
      'an unknown exit status',
      'root.dag.tasks.use.inputs.parameters.n',
      /unknown producer task "mak"/,
      ({ tasks }) => void (tasks['use'] = use(source({ taskFinalStatus: { producerTask: 'mak' } }))),
    ],
    [
      'a missing required input',
      'root.dag.tasks.use.inputs.parameters',
      /neither value nor default value provided for non-optional parameter "n"/,
      ({ tasks }) => void (tasks['use'] = use({})),
    ],
    [
      'a selector with a syntax error',
      'root.dag.tasks.use.inputs.parameters.n.parameterExpressionSelector',
      /cannot be evaluated/,
      ({ tasks }) => void (tasks['use'] = use(source({ componentInputParameter: 'given', parameterExpressionSelector: 'a[' }))),
    ],
    [
      'a condition with a syntax error',
      'root.dag.tasks.use.triggerPolicy.condition',
      /syntax error/,
      ({ tasks }) => void (tasks['use'] = use({ ...constant, triggerPolicy: { condition: "'a'b' ==" } })),
    ],
    [
      'a loop over nothing',
      'root.dag.tasks.use.parameterIterator.items',
      /cannot find input parameter "items"/,
      ({ tasks }) => void (tasks['use'] = use({ parameterIterator: { itemInput: 'n', items: { inputParameter: 'items' } } })),
    ],
    [
      'tasks that wait for each other',
      'root.dag.tasks.make',
      /make → use → make/,
      ({ tasks }) => void ((tasks['make'] as Json)['dependentTasks'] = ['use']),
    ],
    [
      'a component that calls itself',
      'components.comp-make',
      /comp-make → comp-make/,
      ({ components }) =>
        void (components['comp-make'] = {
          dag: { tasks: { again: { componentRef: { name: 'comp-make' } } } },
          outputDefinitions: { parameters: { Output: { parameterType: 'STRING' } } },
        }),
    ],
    [
      'an output of an unknown task',
      'root.dag.outputs.parameters.out',
      /unknown producer task "mak"/,
      ({ root, tasks }) =>
        void (root['dag'] = {
          tasks,
          outputs: { parameters: { out: { valueFromParameter: { producerSubtask: 'mak', outputParameterKey: 'Output' } } } },
        }),
    ],
    [
      'an output of one of no tasks',
      'root.dag.outputs.parameters.out',
      /does not say which task/,
      ({ root, tasks }) => void (root['dag'] = { tasks, outputs: { parameters: { out: { valueFromOneof: {} } } } }),
    ],
    [
      'an importer without an output',
      'components.comp-make.outputDefinitions.artifacts',
      /exactly one output artifact/,
      ({ executors }) => void (executors['exec'] = { importer: { artifactUri: { constant: 'x' } } }),
    ],
  ];
  for (const [what, path, message, change] of rows) {
    test(what, () => {
      const { document, problems } = readPipelineDocument(pipeline(change));
      assert.equal(document, undefined);
      const found = problems.find((problem) => problem.path === path && message.test(problem.message));
      assert.ok(found, JSON.stringify(problems));
      assert.ok(found.line !== undefined && found.line > 1);
      assert.notEqual(found.severity, 'warning');
    });
  }
});

describe('what looks like a mistake is a warning', () => {
  type Change = Parameters<typeof pipeline>[0];
  const rows: readonly [what: string, message: RegExp, change: Change][] = [
    ['a custom job', /Google Cloud only/, ({ executors }) => void (executors['exec'] = { customJob: { customJob: { a: 1 } } })],
    [
      'a constant of the wrong type',
      /type mismatch: expect NUMBER_INTEGER, got string/,
      ({ tasks }) => void (tasks['use'] = use(source({ runtimeValue: { constant: 'x' } }))),
    ],
    [
      'a condition on an unknown input',
      /reads the input "m"/,
      ({ tasks }) =>
        void (tasks['use'] = use({ ...constant, triggerPolicy: { condition: "inputs.parameter_values['m'] == 1" } })),
    ],
    [
      'a mistake in a component nobody uses',
      /executor with label "none" not found/,
      ({ components }) => void (components['comp-spare'] = { executorLabel: 'none' }),
    ],
    [
      'a placeholder for an input that is not there',
      /no input parameter "m"/,
      ({ executors }) => void (executors['exec'] = { container: { image: 'x', args: ["{{$.inputs.parameters['m']}}"] } }),
    ],
    [
      'an output nobody provides',
      /no task of the DAG provides it/,
      ({ root }) => void (root['outputDefinitions'] = { parameters: { out: { parameterType: 'STRING' } } }),
    ],
  ];
  for (const [what, message, change] of rows) {
    test(what, () => {
      const { document, problems } = readPipelineDocument(pipeline(change));
      assert.ok(document, JSON.stringify(problems));
      assert.ok(
        problems.some((problem) => problem.severity === 'warning' && message.test(problem.message)),
        JSON.stringify(problems),
      );
    });
  }
});

test('an input the SDK injects without declaring it is found where it is handed in', () => {
  const { problems } = readPipelineDocument(
    pipeline(({ tasks, components }) => {
      components['comp-group'] = { dag: { tasks: { inner: use(source({ componentInputParameter: 'injected' })) } } };
      tasks['group'] = {
        componentRef: { name: 'comp-group' },
        inputs: { parameters: { injected: { componentInputParameter: 'given' } } },
      };
    }),
  );
  assert.deepEqual(problems, []);
});

test('a chain of ten thousand tasks is checked without deep recursion', () => {
  const nodes = Array.from({ length: 10_000 }, (_, index) => String(index));
  const next = (node: string) => [String(Number(node) + 1)];
  assert.equal(findCycle(nodes, next), undefined);
  assert.equal(findCycle(nodes, (node) => (node === '9999' ? ['0'] : next(node)))?.length, 10_001);
});
