import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readComponentText } from './read-component.ts';
import type { Arguments } from './argument-texts.ts';
import { resolveComponent, type ResolveOptions } from './resolve-component.ts';

function resolve(inputs: string, args: string, given: Arguments = {}, more = '', options: ResolveOptions = {}) {
  const text = `inputs: [${inputs}]\noutputs: [{name: o}, {name: My out}]\nimplementation: {container: {image: i, args: [${args}]${more}}}`;
  const { component, problems } = readComponentText(text);
  assert.ok(component, JSON.stringify(problems));
  return resolveComponent(component, given, options);
}

describe('a command line for given arguments', () => {
  const rows: readonly (readonly [title: string, inputs: string, args: string, given: Arguments, expected: readonly string[]])[] =
    [
      ['a value takes the place of its placeholder', '{name: a}', '--a, {inputValue: a}', { a: 'x' }, ['--a', 'x']],
      [
        'an absent optional value leaves the flag behind',
        '{name: a, optional: true}',
        '--a, {inputValue: a}, z',
        {},
        ['--a', 'z'],
      ],
      ['undefined counts as absent', '{name: a, optional: true}', '{inputValue: a}', { a: undefined }, []],
      ['a default fills in', '{name: a, default: d}', '{inputValue: a}', {}, ['d']],
      ['an optional input takes its default, too', '{name: a, default: d, optional: true}', '{inputValue: a}', {}, ['d']],
      ['a default stays as it is written', "{name: a, type: Float, default: '1'}", '{inputValue: a}', {}, ['1']],
      [
        'a default without a type keeps its Python text',
        '{name: a, default: 5.0}, {name: b, default: yes}',
        '{inputValue: a}, {inputValue: b}',
        {},
        ['5.0', 'True'],
      ],
      [
        'numbers, booleans and lists are serialized by type',
        '{name: a, type: Integer}, {name: b, type: Bool}, {name: c, type: JsonArray}',
        '{inputValue: a}, {inputValue: b}, {inputValue: c}',
        { a: 3, b: false, c: [1, 'ü', null] },
        ['3', 'False', '[1, "\\u00fc", null]'],
      ],
      [
        'a path is made from the cleaned name',
        '{name: My Input (x)}',
        '{inputPath: My Input (x)}, {outputPath: My out}',
        { 'My Input (x)': 'v' },
        ['/tmp/inputs/My_Input_x_/data', '/tmp/outputs/My_out/data'],
      ],
      [
        'uris, metadata and the executor input stay placeholders',
        '{name: a}',
        '{inputUri: a}, {outputUri: o}, {executorInput: null}, {outputMetadata: null}',
        { a: 'v' },
        ["{{$.inputs.artifacts['a'].uri}}", "{{$.outputs.artifacts['o'].uri}}", '{{$}}', '/tmp/outputs/executor_output.json'],
      ],
      [
        'concat joins, and an absent part is empty',
        '{name: a}, {name: b, optional: true}',
        '{concat: [x=, {inputValue: a}, {inputValue: b}, ;]}',
        { a: '1' },
        ['x=1;'],
      ],
      [
        'a list branch is spliced',
        '{name: a, optional: true}',
        'p, {if: {cond: {isPresent: a}, then: [--a, {inputValue: a}], else: [--no-a]}}, q',
        { a: 'v' },
        ['p', '--a', 'v', 'q'],
      ],
      [
        'the other branch is taken when the input is absent',
        '{name: a, optional: true}',
        '{if: {cond: {isPresent: a}, then: [--a], else: --no-a}}',
        {},
        ['--no-a'],
      ],
      ['no else means nothing', '{name: a, optional: true}', 'x, {if: {cond: {isPresent: a}, then: y}}', {}, ['x']],
      ['a value can be the condition', '{name: a}', '{if: {cond: {inputValue: a}, then: y, else: n}}', { a: 'On' }, ['y']],
      ['an empty value is false', '{name: a}', '{if: {cond: {inputValue: a}, then: y, else: n}}', { a: '' }, ['n']],
    ];
  for (const [title, inputs, args, given, expected] of rows) {
    it(title, () =>
      assert.deepEqual(resolve(inputs, args, given), {
        problems: [],
        resolved: { ...resolve(inputs, args, given).resolved, args: expected },
      }),
    );
  }

  it('says which inputs are read by path and which by value, and puts fixed output paths first', () => {
    const { resolved } = resolve(
      '{name: a}, {name: b}',
      '{outputPath: o}, {inputPath: a}, {inputValue: b}',
      { a: 'A', b: 'B' },
      ', fileOutputs: {My out: /fixed}',
    );
    assert.deepEqual(Object.entries(resolved!.outputPaths), [
      ['My out', '/fixed'],
      ['o', '/tmp/outputs/o/data'],
    ]);
    assert.deepEqual(resolved!.inputPaths, { a: '/tmp/inputs/a/data' });
    assert.deepEqual(resolved!.values, { b: 'B' });
  });
});

describe('what has no command line is explained', () => {
  const rows: readonly (readonly [
    title: string,
    inputs: string,
    args: string,
    given: Arguments,
    path: string,
    message: RegExp,
  ])[] = [
    ['a required value that was not given', '{name: a}', '{inputValue: a}', {}, 'args[0]', /no value was given for input "a"/],
    ['a required file that was not given', '{name: a}', '{inputPath: a}', {}, 'args[0]', /no value was given/],
    ['an argument of no input', '{name: epochs}', 'x', { epoch: '1' }, 'arguments.epoch', /no input "epoch"/],
    [
      'a value of the wrong kind',
      '{name: a, type: Integer}',
      'x',
      { a: 5.5 },
      'arguments.a',
      /the type is "Integer", but the number 5.5/,
    ],
    ['a value whose type has no text form', '{name: a, type: GCSPath}', 'x', { a: 5 }, 'arguments.a', /must be given as text/],
    [
      'a condition that is no truth value',
      '{name: a}',
      '{if: {cond: {inputValue: a}, then: y}}',
      { a: 'maybe' },
      'args[0].if.cond',
      /"maybe" says neither/,
    ],
  ];
  for (const [title, inputs, args, given, path, message] of rows) {
    it(title, () => {
      const { resolved, problems } = resolve(inputs, args, given);
      assert.equal(resolved, undefined);
      assert.equal(problems[0]?.path, path);
      assert.match(problems[0]!.message, message);
    });
  }

  it('an output with two different paths', () => {
    assert.match(resolve('', '{outputPath: o}', {}, ', fileOutputs: {o: /x}').problems[0]!.message, /two paths/);
  });

  it('a graph', () => {
    const { component } = readComponentText('implementation: {graph: {tasks: {}, outputValues: {}}}');
    assert.match(resolveComponent(component!, {}).problems[0]!.message, /only a container component/);
  });
});

describe('defaults as the 1.8 compiler writes them', () => {
  const rows: readonly (readonly [input: string, expected: string])[] = [
    ["type: Float, default: '1'", '1.0'],
    ['type: Float, default: 1e3', '1000.0'],
    ['type: Float, default: yes', '1.0'],
    ["type: Integer, default: ' 7 '", '7'],
    ['type: Integer, default: 7.9', '7'],
    ['type: Integer, default: true', '1'],
    ['type: String, default: x', 'x'],
    ['default: 5.0', '5.0'],
  ];
  for (const [input, expected] of rows) {
    it(`{${input}} becomes ${expected}`, () => {
      assert.deepEqual(resolve(`{name: a, ${input}}`, '{inputValue: a}', {}, '', { defaults: 'compiled' }).resolved?.args, [
        expected,
      ]);
    });
  }

  const refused: readonly (readonly [input: string, message: RegExp])[] = [
    ['type: Integer, default: many', /no whole number/],
    ['type: Integer, default: .inf', /no whole number/],
    ['type: Float, default: many', /no number/],
    ['type: GCSPath, default: 5', /no value of type "GCSPath"/],
  ];
  for (const [input, message] of refused) {
    it(`{${input}} is a problem`, () => {
      const { resolved, problems } = resolve(`{name: a, ${input}}`, 'x', {}, '', { defaults: 'compiled' });
      assert.equal(resolved, undefined);
      assert.equal(problems[0]?.path, 'inputs.a.default');
      assert.match(problems[0]!.message, message);
    });
  }
});
