import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withNodeOf } from './image-node.ts';

const rows: readonly [image: string, command: string, ours: boolean][] = [
  ['node:24', 'node', true],
  ['node', 'node', true],
  ['docker.io/library/node:24-slim', 'node', true],
  ['registry.local:5000/node@sha256:00', 'node', true],
  ['node:24', '/opt/node', false],
  ['node:24', 'sh', false],
  ['python:3.11', 'node', false],
  ['my/node-tools:1', 'node', false],
];

for (const [image, command, ours] of rows) {
  test(`${command} of ${image} is ${ours ? "this server's Node" : 'left as it is'}`, () => {
    assert.deepEqual(withNodeOf(image, [command, '-v']), [ours ? process.execPath : command, '-v']);
  });
}
