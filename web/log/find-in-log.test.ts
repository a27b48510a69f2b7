import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findInLog, type SearchProgress } from './find-in-log.ts';

async function search(text: string, log: string): Promise<readonly string[]> {
  const bytes = new TextEncoder().encode(log);
  let last: SearchProgress | undefined;
  for await (const progress of findInLog(text, bytes.length, async (offset, limit) => bytes.subarray(offset, offset + limit)))
    last = progress;
  assert.ok(last!.isDone);
  return last!.hits.map(({ offset }) => new TextDecoder().decode(bytes.subarray(offset)).split('\n')[0]!);
}

const long = Array.from({ length: 200_000 }, (_, index) => `line ${index} ${index % 50_000 === 7 ? 'Epöch done' : ''}`).join(
  '\n',
);

test('lines are found from the end to the beginning, across chunks, whatever their case', async () => {
  assert.deepEqual(
    (await search('EPÖCH DONE', long)).map((line) => line.split(' ')[1]),
    ['150007', '100007', '50007', '7'],
  );
});

test('colours within a word do not hide it', async () => {
  assert.equal((await search('error', 'a\n\u001b[31mERR\u001b[0mOR b\nc')).length, 1);
});

test('an empty log has nothing to find, an endless line ends the search all the same', async () => {
  assert.deepEqual(await search('x', ''), []);
  assert.deepEqual(await search('y', 'x'.repeat(3_000_000)), []);
});
