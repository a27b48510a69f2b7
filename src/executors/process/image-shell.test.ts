import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { withShellOf } from './image-shell.ts';

const skip = existsSync('/bin/bash') ? false : 'there is no /bin/bash';

test('sh of an image with a richer shell is run by bash, sh of others stays sh', { skip }, () => {
  const rows: readonly (readonly [image: string, program: string, expected: string])[] = [
    ['ghcr.io/containerd/busybox', 'sh', '/bin/bash'],
    ['alpine:3.20', '/bin/sh', '/bin/bash'],
    ['python:3.11-alpine', 'sh', '/bin/bash'],
    ['registry.access.redhat.com/ubi9/python-311:latest', 'sh', '/bin/bash'],
    ['python:3.11', 'sh', 'sh'],
    ['debian:12-slim', 'sh', 'sh'],
    ['my.org/busyboxes:1', 'sh', 'sh'],
    ['alpine', 'echo', 'echo'],
  ];
  for (const [image, program, expected] of rows)
    assert.equal(withShellOf(image, [program, '-c', 'x'], '/nowhere:/bin')[0], expected, image);
});

test('without bash on the path nothing changes', () => {
  assert.deepEqual(withShellOf('alpine', ['sh', '-c', 'x'], '/nowhere'), ['sh', '-c', 'x']);
});
