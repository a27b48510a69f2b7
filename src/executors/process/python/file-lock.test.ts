import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { systemClock } from '../../../base/clock.ts';
import { withFileLock } from './file-lock.ts';

const folder = mkdtempSync(join(tmpdir(), 'pipewright-lock-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test('work under one lock never overlaps', async () => {
  const file = join(folder, 'a.lock');
  let inside = 0;
  const work = async () => {
    inside++;
    assert.equal(inside, 1);
    await new Promise(setImmediate);
    inside--;
  };
  await Promise.all([1, 2, 3].map(() => withFileLock(file, systemClock, work)));
  assert.equal(existsSync(file), false);
});

test('a lock whose holder died is taken over', async () => {
  const file = join(folder, 'b.lock');
  writeFileSync(file, '');
  const longAgo = systemClock.now() / 1000 - 60;
  utimesSync(file, longAgo, longAgo);
  assert.equal(await withFileLock(file, systemClock, async () => 'done'), 'done');
});

test('a lock is let go when the work fails', async () => {
  const file = join(folder, 'c.lock');
  await assert.rejects(
    withFileLock(file, systemClock, () => Promise.reject(new Error('no'))),
    /no/,
  );
  assert.equal(existsSync(file), false);
});
