import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_RULES, routeStep, type RoutedStep, type RouteRules } from './route-step.ts';

const PYTHON = {
  command: [
    'sh',
    '-ec',
    'python3 -m kfp.dsl.executor_main --component_module_path "$program_path" "$@"',
    'def train():\n  pass\n',
  ],
  args: ['--executor_input', '{{$}}', '--function_to_execute', 'train'],
};
const TYPESCRIPT = { command: ['node', '--input-type=module', '--eval', '…', '--'], args: ['--executor_input', '{{$}}'] };
const PROGRAM = { command: ['sh', '-c', 'echo'], args: [] };

const step = (image: string, program: Pick<RoutedStep, 'command' | 'args'>, path = '/a'): RoutedStep => ({
  image,
  path,
  ...program,
});

const rows: readonly (readonly [about: string, step: RoutedStep, expected: string, because: RegExp])[] = [
  ['a Python function on the official image', step('python:3.11', PYTHON), 'process', /Python function.*python:3\.11/],
  ['the same from a mirror', step('docker.io/library/python:3.12-slim', PYTHON), 'process', /Python function/],
  ['the same on Red Hat', step('registry.access.redhat.com/ubi9/python-311:latest', PYTHON), 'process', /Python function/],
  ['a Python function on an image with more in it', step('tensorflow/tensorflow:2.16', PYTHON), 'docker', /tensorflow/],
  ['a Python function on a private image of that name', step('example.com/team/python:1', PYTHON), 'docker', /example\.com/],
  [
    'a containerised component',
    step('python:3.11', { ...PYTHON, command: ['python3', '-m', 'kfp.dsl.executor_main'] }),
    'docker',
    /image/,
  ],
  ['a TypeScript function', step('node:24', TYPESCRIPT), 'process', /TypeScript function/],
  [
    'a module in the command of Node',
    step('node:24-alpine', { command: ['node', '-e', 'console.log(1)'], args: [] }),
    'process',
    /module for Node/,
  ],
  [
    'a script of the Node image',
    step('node:24', { command: ['node', '/app/main.js'], args: [] }),
    'docker',
    /program of the image/,
  ],
  ['a TypeScript function on an image of its own', step('my/node-tools:1', TYPESCRIPT), 'docker', /my\/node-tools/],
  ['a program on the official image', step('python:3.11', PROGRAM), 'docker', /program of the image/],
  ['any other image', step('alpine', PROGRAM), 'docker', /alpine/],
  ['the same with init containers', { ...step('python:3.11', PYTHON), hasInitContainers: true }, 'docker', /init containers/],
  ['the same on a model image', { ...step('python:3.11', PYTHON), modelImage: 'oci://m:1' }, 'docker', /model image oci:\/\/m:1/],
  ['no image', step('', PROGRAM), 'process', /no image/],
  ['a volume', step('argostub/createpvc', { command: [], args: [] }), 'process', /volumes are folders/],
];

for (const [about, given, expected, because] of rows) {
  test(`${about} runs with ${expected}`, () => {
    const route = routeStep(given, NO_RULES);
    assert.equal(route.target, expected);
    assert.match(route.because, because);
  });
}

test('what the user says about a step comes before what is said about its image, and both before the rule', () => {
  const rules: RouteRules = {
    images: [
      { pattern: 'alpine*', target: 'process' },
      { pattern: 'python:*', target: 'docker' },
    ],
    steps: [
      { pattern: '/loop/in', target: 'docker' },
      { pattern: '/loop[2]/in', target: 'process' },
    ],
  };
  assert.deepEqual(routeStep(step('alpine:3', PROGRAM), rules), {
    target: 'process',
    because: 'it was chosen for the image (alpine*)',
    isFirm: true,
  });
  assert.equal(routeStep(step('python:3.11', PYTHON), rules).target, 'docker');
  assert.equal(routeStep(step('alpine', PROGRAM, '/loop[7]/in'), rules).because, 'it was chosen for the step (/loop/in)');
  assert.equal(
    routeStep(step('my.alpine', PROGRAM), { ...rules, images: [{ pattern: 'my?alpine', target: 'process' }] }).target,
    'docker',
  );
});
