// Text from the command line becomes values of the types the pipeline declares.
import assert from 'node:assert/strict';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ProductError } from '../base/errors.ts';
import type { ParameterType } from '../ir/spec.ts';
import { readArguments, typedValue } from './read-arguments.ts';

const rows: readonly (readonly [ParameterType, string, unknown])[] = [
  ['STRING', '42', '42'],
  ['STRING', '', ''],
  ['STRING', '{"a": 1}', '{"a": 1}'],
  ['NUMBER_INTEGER', '42', 42],
  ['NUMBER_INTEGER', '4.5', undefined],
  ['NUMBER_DOUBLE', '1e-3', 0.001],
  ['NUMBER_DOUBLE', 'fast', undefined],
  ['NUMBER_DOUBLE', '1e999', undefined],
  ['BOOLEAN', 'true', true],
  ['BOOLEAN', 'False', false],
  ['BOOLEAN', '1', undefined],
  ['LIST', '[1, "a"]', [1, 'a']],
  ['LIST', '{}', undefined],
  ['STRUCT', '{"a": [1]}', { a: [1] }],
  ['STRUCT', '[1]', undefined],
];
for (const [type, text, expected] of rows) {
  test(`${type} ${text || '(empty)'} is ${JSON.stringify(expected) ?? 'refused'}`, () => {
    assert.deepEqual(typedValue(text, type), expected);
  });
}

const definitions = {
  epochs: { parameterType: 'NUMBER_INTEGER', isOptional: false },
  note: { parameterType: 'STRING', isOptional: true },
} as const;

test('-p wins over the file', async () => {
  const file = join(await mkdtemp(join(tmpdir(), 'arguments-')), 'params.yaml');
  await writeFile(file, 'epochs: 3\nnote: from the file\n');
  assert.deepEqual(await readArguments({ pairs: ['epochs=5', 'note=a=b'], file }, definitions), { epochs: 5, note: 'a=b' });
});

test('all mistakes are told at once, with the names that exist', async () => {
  const error = await readArguments({ pairs: ['epochs=many', 'epoch=1', 'x', '__proto__=1'] }, definitions).catch(
    (caught: unknown) => caught,
  );
  assert.ok(error instanceof ProductError);
  assert.deepEqual(
    error.problems.map((problem) => problem.path),
    ['-p epochs', '-p epoch', '-p x', '-p __proto__'],
  );
  assert.match(error.problems[3]!.message, /no such parameter/);
  assert.match(error.problems[1]!.hint!, /did you mean epochs\?.*epochs, note/);
});

test('a parameters file that is not an object is refused', async () => {
  const file = join(await mkdtemp(join(tmpdir(), 'arguments-')), 'params.json');
  await writeFile(file, '[1]');
  await assert.rejects(readArguments({ pairs: [], file }, definitions), /must hold one object/);
  await writeFile(file, 'epochs: 1\n---\nepochs: 2\n');
  await assert.rejects(readArguments({ pairs: [], file }, definitions), /must hold one object/);
});
