import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { logFile, readLogTail } from './log-file.ts';

test('a log is in the folder of its run, also if the run id has dots.', () => {
  assert.equal(logFile('/data', 'run-1.12.0'), '/data/logs/run-1/12.0.log');
  assert.equal(logFile('/data', 'a.b.c.12.3'), '/data/logs/a.b.c/12.3.log');
});

test('the tail of a log begins with a line and holds at most what was asked for.', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pipewright-log-'));
  try {
    const file = join(folder, 'log');
    const rows: readonly (readonly [string | Buffer, number, string])[] = [
      ['', 10, ''],
      ['one\ntwo\n', 100, 'one\ntwo\n'],
      ['one\ntwo\n', 8, 'one\ntwo\n'],
      ['one\ntwo\n', 6, 'two\n'],
      ['one long line', 4, 'line'],
      ['one long line\n', 5, 'line\n'],
      [Buffer.from([0x61, 0xff, 0x62]), 10, 'a\ufffdb'],
    ];
    for (const [content, maxBytes, expected] of rows) {
      writeFileSync(file, content);
      assert.equal(await readLogTail(file, maxBytes), expected);
    }
    assert.equal(await readLogTail(join(folder, 'none'), 10), '');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
