import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProductError } from '../base/errors.ts';
import { joinRules, readRules, rulesFromOptions } from './placement-rules.ts';

test('rules come from options and from a file, in that order', () => {
  const options = rulesFromOptions({ imagesOnHost: ['alpine*'], stepsOn: ['train=docker', '/loop*/in=process'] });
  const file = readRules('imagesOnHost: [busybox]\nimages: {"*/cuda:*": docker}\nsteps: {test: process}\n', 'placement.yaml');
  assert.deepEqual(joinRules(options, file), {
    images: [
      { pattern: 'alpine*', target: 'process' },
      { pattern: 'busybox', target: 'process' },
      { pattern: '*/cuda:*', target: 'docker' },
    ],
    steps: [
      { pattern: '/train', target: 'docker' },
      { pattern: '/loop*/in', target: 'process' },
      { pattern: '/test', target: 'process' },
    ],
  });
  assert.deepEqual(readRules('', 'placement.yaml'), { images: [], steps: [] });
});

test('mistakes name the place', () => {
  const rows: readonly [() => unknown, RegExp][] = [
    [() => rulesFromOptions({ imagesOnHost: [], stepsOn: ['train'] }), /does not say where/],
    [() => rulesFromOptions({ imagesOnHost: [], stepsOn: ['/train=moon'] }), /does not say where/],
    [
      () => readRules('images: {a: moon}\nhosts: []\n', 'placement.yaml'),
      /hosts.*there is no "hosts"[^]*images.a: a step runs on process or docker/,
    ],
    [() => readRules('imagesOnHost: alpine\n', 'placement.yaml'), /must be a list of images/],
    [() => readRules('- a\n', 'placement.yaml'), /must be a map/],
  ];
  for (const [act, expected] of rows) {
    assert.throws(act, (error) => {
      assert(error instanceof ProductError && error.code === 'INVALID_USAGE');
      assert.match([error.message, ...error.problems.map(({ path, message }) => `${path}: ${message}`)].join('\n'), expected);
      return true;
    });
  }
});
