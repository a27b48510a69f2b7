import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readComponentText } from './read-component.ts';

const CONTAINER = 'implementation:\n  container:\n    image: busybox\n    command: [echo]\n';

describe('what the 1.8 SDK accepts is accepted', () => {
  const accepted: readonly (readonly [title: string, text: string])[] = [
    ['only an image', 'implementation: {container: {image: busybox}}'],
    ['no implementation at all', 'name: Declared only'],
    ['null in optional fields', `name: null\ninputs:\n${CONTAINER}`],
    ['an input and an output of one name', `inputs: [{name: data}]\noutputs: [{name: data}]\n${CONTAINER}`],
    [
      'types that are maps or lists',
      `inputs: [{name: a, type: {GCSPath: {data_type: CSV}}}, {name: b, type: [A, B]}]\n${CONTAINER}`,
    ],
    [
      'defaults that are numbers or booleans',
      `inputs: [{name: a, default: 5}, {name: b, default: 0.5}, {name: c, default: yes}]\n${CONTAINER}`,
    ],
    ['a key given twice', `name: First\nname: Second\n${CONTAINER}`],
    ['brackets that close left of their parent', `${CONTAINER}    args: [\n  a,\n    ]\n`],
    ['words that only look like numbers', `${CONTAINER}    args: [1e3, 0o17, y]\n`],
    ['merged maps and aliases', 'x: &x {image: busybox}\n'.replace('x: ', 'implementation:\n  container: ')],
    ['a number in quotes or with a tag', `${CONTAINER}    args: ['1', !!str 2]\n`],
    [
      'a graph',
      'outputs: [{name: o}]\nimplementation: {graph: {tasks: {a: {componentRef: {name: x}}}, outputValues: {o: {taskOutput: {taskId: a, outputName: q}}}}}',
    ],
  ];
  for (const [title, text] of accepted) {
    it(title, () => {
      const { component, problems } = readComponentText(text);
      assert.deepEqual(
        problems.filter((problem) => problem.severity !== 'warning'),
        [],
      );
      assert.ok(component);
    });
  }
});

describe('a mistake is reported with its place and its line', () => {
  const refused: readonly (readonly [title: string, text: string, line: number, path: string, message: RegExp])[] = [
    ['an unknown key', `naem: T\n${CONTAINER}`, 1, 'document', /unknown key "naem"/],
    [
      'the Python spelling of a key',
      `${CONTAINER}    file_outputs: {}\n`,
      5,
      'implementation.container',
      /unknown key "file_outputs"/,
    ],
    ['no image', 'implementation:\n  container:\n    command: [x]\n', 3, 'implementation.container', /"image" is missing/],
    [
      'a number in the command line',
      `${CONTAINER}    args:\n    - a\n    - 7\n`,
      7,
      'implementation.container.args[1]',
      /text is expected, but this is the number 7/,
    ],
    ['null in the command line', `${CONTAINER}    args:\n    - a\n    - null\n`, 7, 'implementation.container.args[1]', /null/],
    [
      'a date as a default',
      `inputs:\n- name: d\n  default: 2020-01-02\n${CONTAINER}`,
      3,
      'inputs[0].default',
      /the date 2020-01-02/,
    ],
    [
      'an env value that is no text',
      `${CONTAINER}    env: {DEBUG: 1}\n`,
      5,
      'implementation.container.env.DEBUG',
      /text is expected/,
    ],
    [
      'a label that is no text',
      `metadata:\n  labels: {cached: true}\n${CONTAINER}`,
      2,
      'metadata.labels.cached',
      /the boolean True/,
    ],
    ['two inputs of one name', `inputs:\n- {name: a}\n- {name: a}\n${CONTAINER}`, 3, 'inputs[1]', /"a" is already taken/],
    ['two outputs of one name', `outputs:\n- {name: a}\n- {name: a}\n${CONTAINER}`, 3, 'outputs[1]', /"a" is already taken/],
    [
      'an input that is not declared',
      `inputs: [{name: text}]\n${CONTAINER}    args:\n    - {inputValue: tekst}\n`,
      7,
      'implementation.container.args[0]',
      /no input "tekst"/,
    ],
    [
      'an undeclared input in a condition',
      `${CONTAINER}    args:\n    - if:\n        cond: {isPresent: n}\n        then: a\n`,
      7,
      'implementation.container.args[0].if.cond',
      /no input "n"/,
    ],
    [
      'an undeclared input inside concat',
      `${CONTAINER}    args:\n    - concat:\n      - a\n      - {inputPath: n}\n`,
      8,
      'implementation.container.args[0].concat[1]',
      /no input "n"/,
    ],
    [
      'an output path of no output',
      `${CONTAINER}    fileOutputs:\n      q: /x\n`,
      6,
      'implementation.container.fileOutputs.q',
      /no output "q"/,
    ],
    [
      'a placeholder with two keys',
      `${CONTAINER}    args: [{inputValue: a, inputPath: a}]\n`,
      5,
      'implementation.container.args[0]',
      /exactly one key/,
    ],
    [
      'text with a colon',
      `${CONTAINER}    args:\n    - key: value\n`,
      6,
      'implementation.container.args[0]',
      /unknown placeholder "key"/,
    ],
    [
      'a value for executorInput',
      `${CONTAINER}    args: [{executorInput: x}]\n`,
      5,
      'implementation.container.args[0].executorInput',
      /takes no value/,
    ],
    [
      'a container and a graph',
      'implementation:\n  container: {image: a}\n  graph: {tasks: {}, outputValues: {}}\n',
      2,
      'implementation',
      /either a container or a graph/,
    ],
    [
      'a graph without outputValues',
      'implementation:\n  graph:\n    tasks: {}\n',
      3,
      'implementation.graph',
      /"outputValues" is missing/,
    ],
    [
      'an empty component reference',
      'implementation:\n  graph:\n    outputValues: {}\n    tasks:\n      a:\n        componentRef: {}\n',
      6,
      'implementation.graph.tasks.a.componentRef',
      /needs a name/,
    ],
    ['a list instead of a map', '- a\n', 1, 'document', /a map with the keys/],
    ['brackets that never close', 'inputs: [\n- a\n', 2, 'document', /not valid YAML/],
  ];
  for (const [title, text, line, path, message] of refused) {
    it(title, () => {
      const { component, problems } = readComponentText(text);
      assert.equal(component, undefined);
      const [problem] = problems.filter((candidate) => candidate.severity !== 'warning');
      assert.match(problem!.message, message);
      assert.deepEqual({ path: problem!.path, line: problem!.line }, { path, line });
    });
  }

  it('tasks that wait for each other', () => {
    const task = (of: string) => `{componentRef: {name: x}, arguments: {i: {taskOutput: {taskId: ${of}, outputName: o}}}}`;
    const { problems } = readComponentText(
      `implementation:\n  graph:\n    outputValues: {}\n    tasks:\n      free: {componentRef: {name: x}}\n      a: ${task('b')}\n      b: ${task('a')}\n`,
    );
    assert.deepEqual(
      problems.map(({ path, line }) => ({ path, line })),
      [{ path: 'implementation.graph.tasks.a', line: 6 }],
    );
  });

  it('all mistakes of a file at once, each in front of the source it is in', () => {
    const { problems } = readComponentText('name: 5\ninputs: 7\nimplementation: {container: {}}\n', { source: 'step.yaml' });
    assert.deepEqual(
      problems.map((problem) => `${problem.line} ${problem.path}`),
      ['1 step.yaml: name', '2 step.yaml: inputs', '3 step.yaml: implementation.container'],
    );
  });

  it('an alias bomb is refused before it unfolds', () => {
    const levels = Array.from(
      { length: 20 },
      (_, level) => `l${level + 1}: &l${level + 1} [${Array(9).fill(`*l${level}`).join(', ')}]`,
    );
    const { problems } = readComponentText(`l0: &l0 [x]\n${levels.join('\n')}\n`);
    assert.match(problems[0]!.message, /after following the aliases/);
  });
});

describe('the lenient mode forgives what can be understood', () => {
  it('an unknown key and a number in the command line become warnings', () => {
    const { component, problems } = readComponentText(`icon: star\n${CONTAINER}    args: [7]\n`, { lenient: true });
    assert.deepEqual(
      problems.map((problem) => problem.severity),
      ['warning', 'warning'],
    );
    assert.deepEqual(component?.implementation?.kind === 'container' && component.implementation.container.args, [
      { kind: 'text', text: '7' },
    ]);
  });

  it('a graph may leave out outputValues', () => {
    assert.ok(readComponentText('implementation: {graph: {tasks: {}}}', { lenient: true }).component);
  });
});
