import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathSegment } from './path-segment.ts';

const rows: readonly (readonly [string, string])[] = [
  ['hello-world', 'hello-world'],
  ['Namen mit ä und Leerzeichen', 'Namen mit ä und Leerzeichen'],
  ['v1.2..3', 'v1.2..3'],
  ['..', '_'],
  ['.', '_'],
  ['', '_'],
  ['../../etc', '.._.._etc'],
  ['a\\b\u0000c\n', 'a_b_c_'],
];
for (const [name, expected] of rows) {
  test(`${JSON.stringify(name)} is the folder ${expected}`, () => assert.equal(pathSegment(name), expected));
}

test('names too long for a file system are cut, and stay different', () => {
  const [one, two] = ['1', '2'].map((end) => pathSegment(`${'ä'.repeat(300)}${end}`));
  assert.ok(Buffer.byteLength(one!) < 255);
  assert.notEqual(one, two);
});
