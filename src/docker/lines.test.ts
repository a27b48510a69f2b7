import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linesOf } from './lines.ts';

test('lines are whole however the bytes come, also the last one, which may have no end', async () => {
  const bytes = Buffer.from('{"a": "ü"}\r\n\nlast ü');
  for (const size of [1, 2, 7, bytes.length]) {
    const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
      bytes.subarray(index * size, (index + 1) * size),
    );
    const lines = await Array.fromAsync(
      linesOf(
        (async function* () {
          yield* chunks;
        })(),
      ),
    );
    assert.deepEqual(lines, ['{"a": "ü"}\r', '', 'last ü']);
  }
});
