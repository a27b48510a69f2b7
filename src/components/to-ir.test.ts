import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ContainerSpec } from '../ir/spec.ts';
import { readComponentText } from './read-component.ts';
import { toIr, type ToIrOptions } from './to-ir.ts';

function convert(text: string, options?: ToIrOptions) {
  const { component, problems } = readComponentText(text);
  assert.ok(component, JSON.stringify(problems));
  return toIr(component, options);
}

function container(inputs: string, outputs: string, args: string, options?: ToIrOptions) {
  const { ir, problems } = convert(
    `inputs: [${inputs}]\noutputs: [${outputs}]\nimplementation: {container: {image: i, command: [c], args: [${args}]}}`,
    options,
  );
  const spec = ir?.executor.kind === 'container' ? ir.executor.container : undefined;
  return { ir, problems, spec: spec as ContainerSpec };
}

describe('ports become parameters or artifacts by type', () => {
  const parameters: readonly (readonly [type: string, expected: string])[] = [
    ['Integer', 'NUMBER_INTEGER'],
    ['int', 'NUMBER_INTEGER'],
    ['Double', 'NUMBER_DOUBLE'],
    ['float', 'NUMBER_DOUBLE'],
    ['String', 'STRING'],
    ['Text', 'STRING'],
    ['bool', 'BOOLEAN'],
    ['JsonObject', 'STRUCT'],
    ["'typing.Dict[str, int]'", 'STRUCT'],
    ['JsonArray', 'LIST'],
    ["'List[str]'", 'LIST'],
    ['PipelineTaskFinalStatus', 'TASK_FINAL_STATUS'],
  ];
  for (const [type, expected] of parameters) {
    it(`${type} is a ${expected} parameter`, () => {
      const { ir } = container(`{name: a, type: ${type}}`, '', '{inputValue: a}');
      assert.equal(ir!.component.inputDefinitions.parameters['a']?.parameterType, expected);
    });
  }

  const artifacts: readonly (readonly [type: string, expected: string])[] = [
    ['Dataset', 'system.Dataset'],
    ['HTML', 'system.HTML'],
    ['ClassificationMetrics', 'system.ClassificationMetrics'],
    ['google.VertexModel', 'google.VertexModel'],
    ['CSV', 'system.Artifact'],
    ['{GCSPath: {data_type: CSV}}', 'system.Artifact'],
  ];
  for (const [type, expected] of artifacts) {
    it(`${type} is a ${expected} artifact`, () => {
      const { ir } = container(`{name: a, type: ${type}}`, `{name: o, type: ${type}}`, '{inputPath: a}, {outputPath: o}', {
        typing: 'kfp',
      });
      const artifactType = { schemaTitle: expected, schemaVersion: '0.0.1' };
      assert.deepEqual(ir!.component.inputDefinitions.artifacts['a'], { artifactType, isArtifactList: false, isOptional: false });
      assert.deepEqual(ir!.component.outputDefinitions.artifacts['o'], { artifactType, metadata: {}, isArtifactList: false });
    });
  }

  const byUse: readonly (readonly [
    title: string,
    input: string,
    args: string,
    options: ToIrOptions,
    kind: 'parameter' | 'artifact',
  ])[] = [
    ['an unknown type that is wanted by value is a parameter', '{name: a, type: CSV}', '{inputValue: a}', {}, 'parameter'],
    ['an unknown type that is wanted as a file is an artifact', '{name: a, type: CSV}', '{inputPath: a}', {}, 'artifact'],
    ['one that is wanted as both is an artifact', '{name: a}', '{inputValue: a}, {inputPath: a}', {}, 'artifact'],
    ['a type that stands for text is a parameter even when unused', '{name: a, type: GCSPath}', 'x', {}, 'parameter'],
    ['the 2.x SDK looks at the type alone', '{name: a, type: GCSPath}', 'x', { typing: 'kfp' }, 'artifact'],
    ['the caller has the last word', '{name: a, type: GCSPath}', '{inputValue: a}', { as: { a: 'artifact' } }, 'artifact'],
  ];
  for (const [title, input, args, options, kind] of byUse) {
    it(title, () => {
      const { inputDefinitions } = container(input, '', args, options).ir!.component;
      assert.deepEqual(Object.keys(kind === 'parameter' ? inputDefinitions.parameters : inputDefinitions.artifacts), ['a']);
    });
  }
});

describe('defaults become values', () => {
  const rows: readonly (readonly [input: string, expected: unknown])[] = [
    ["{name: a, type: Integer, default: '7'}", 7],
    ["{name: a, type: Float, default: '0.5'}", 0.5],
    ["{name: a, type: Boolean, default: 'no'}", false],
    ["{name: a, type: JsonArray, default: '[1, 2]'}", [1, 2]],
    ['{name: a, type: String, default: x}', 'x'],
    ['{name: a, default: 5.0}', '5.0'],
  ];
  for (const [input, expected] of rows) {
    it(input, () => {
      const { parameters } = container(input, '', '{inputValue: a}').ir!.component.inputDefinitions;
      assert.deepEqual(
        { ...parameters['a'], parameterType: undefined },
        { defaultValue: expected, isOptional: true, parameterType: undefined },
      );
    });
  }

  it('one that does not fit the type is left out with a warning, and refused as in the 2.x SDK on request', () => {
    const broken = '{name: a, type: Bool, default: Fasle}';
    const { ir, problems } = container(broken, '', 'x');
    assert.deepEqual(ir!.component.inputDefinitions.parameters['a'], { parameterType: 'BOOLEAN', isOptional: true });
    assert.deepEqual(
      problems.map(({ path, severity }) => ({ path, severity })),
      [{ path: 'inputs.a.default', severity: 'warning' }],
    );
    assert.equal(container(broken, '', 'x', { typing: 'kfp' }).ir, undefined);
  });
});

describe('placeholders become those of the IR', () => {
  const inputs = '{name: In put, optional: true}, {name: n, type: Integer}, {name: data}';
  const outputs = '{name: My Out, type: Integer}, {name: model, type: Model}';
  const rows: readonly (readonly [args: string, expected: readonly string[]])[] = [
    ['{inputValue: n}', ["{{$.inputs.parameters['n']}}"]],
    ['{inputPath: data}', ["{{$.inputs.artifacts['data'].path}}"]],
    ['{inputUri: data}', ["{{$.inputs.artifacts['data'].uri}}"]],
    ['{outputPath: My Out}', ["{{$.outputs.parameters['my_out'].output_file}}"]],
    ['{outputPath: model}', ["{{$.outputs.artifacts['model'].path}}"]],
    ['{outputUri: model}', ["{{$.outputs.artifacts['model'].uri}}"]],
    ['{executorInput: null}, {outputMetadata: null}', ['{{$}}', '{{$.outputs.output_file}}']],
    ['{concat: [a=, {inputValue: n}, é]}', ['{"Concat": ["a=", "{{$.inputs.parameters[\'n\']}}", "\\u00e9"]}']],
    [
      '{if: {cond: {isPresent: In put}, then: [--x, {inputValue: n}], else: [--no]}}',
      ['{"IfPresent": {"InputName": "in_put", "Then": ["--x", "{{$.inputs.parameters[\'n\']}}"], "Else": ["--no"]}}'],
    ],
    ['{if: {cond: {isPresent: In put}, then: x, else: []}}', ['{"IfPresent": {"InputName": "in_put", "Then": "x"}}']],
    [
      '{if: {cond: {isPresent: In put}, then: {concat: [x]}, else: y}}',
      ['{"IfPresent": {"InputName": "in_put", "Then": {"Concat": ["x"]}, "Else": "y"}}'],
    ],
    [
      '{concat: [a, {if: {cond: {isPresent: In put}, then: [b, c]}}]}',
      ['{"Concat": ["a", {"IfPresent": {"InputName": "in_put", "Then": {"Concat": ["b", "c"]}}}]}'],
    ],
    ["{if: {cond: 'yes', then: [a, b]}}, {if: {cond: false, then: c, else: d}}", ['a', 'b', 'd']],
  ];
  for (const [args, expected] of rows) {
    it(args, () => assert.deepEqual(container(inputs, outputs, args).spec.args, expected));
  }

  const refused: readonly (readonly [args: string, message: RegExp])[] = [
    ['{inputMetadata: data}', /inputMetadata has no form in the IR/],
    ['{inputOutputPortName: data}', /inputOutputPortName has no form/],
    ['{if: {cond: {inputValue: n}, then: x}}', /on the value of an input has no form/],
  ];
  for (const [args, message] of refused) {
    it(`${args} is refused`, () => {
      const { ir, problems } = container(inputs, outputs, args);
      assert.equal(ir, undefined);
      assert.match(problems.find((problem) => problem.severity !== 'warning')!.message, message);
    });
  }
});

describe('a placeholder that does not fit its port', () => {
  const rows: readonly (readonly [input: string, args: string, message: RegExp])[] = [
    ['{name: a, type: CSV}', '{inputValue: a}, {inputPath: a}', /"a" is an artifact, but the command wants its value/],
    ['{name: a, type: String}', '{inputPath: a}', /"a" is a parameter, but the command wants a file/],
  ];
  for (const [input, args, message] of rows) {
    it(`${input} in ${args} is a warning, and an error as in the 2.x SDK`, () => {
      const { ir, problems } = container(input, '', args);
      assert.ok(ir);
      assert.match(problems[0]!.message, message);
      assert.equal(problems[0]!.severity, 'warning');
      assert.equal(container(input, '', args, { typing: 'kfp' }).ir, undefined);
    });
  }
});

describe('a whole component', () => {
  it('has clean names, an executor and its environment', () => {
    const { ir } = convert(
      'name: Big Query - 2\ninputs: [{name: Number of rows, type: Integer, optional: true}]\nimplementation: {container: {image: i, env: {A: b}, args: [{inputValue: Number of rows}]}}',
    );
    assert.equal(ir!.name, 'big-query-2');
    assert.equal(ir!.component.executorLabel, 'exec-big-query-2');
    assert.deepEqual(ir!.inputNames, { 'Number of rows': 'number_of_rows' });
    assert.deepEqual(ir!.executor, {
      kind: 'container',
      container: {
        image: 'i',
        command: [],
        args: ["{{$.inputs.parameters['number_of_rows']}}"],
        env: [{ name: 'A', value: 'b' }],
      },
    });
  });

  it('keeps the fixed paths of outputs beside the IR and says so', () => {
    const { ir, problems } = convert(
      'outputs: [{name: Job id}]\nimplementation: {container: {image: i, command: [c], fileOutputs: {Job id: /tmp/id}}}',
    );
    assert.deepEqual(ir!.fileOutputs, { job_id: '/tmp/id' });
    assert.deepEqual(
      problems.map((problem) => problem.severity),
      ['warning'],
    );
  });

  it('two inputs whose names become one are a problem', () => {
    const { ir, problems } = container('{name: A b}, {name: a-b}', '', 'x');
    assert.equal(ir, undefined);
    assert.match(problems[0]!.message, /"A b" and "a-b" are both "a_b"/);
  });

  it('a graph is a problem', () => {
    assert.equal(convert('implementation: {graph: {tasks: {}, outputValues: {}}}').problems[0]?.path, 'implementation');
  });
});
