import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { LogSink } from './follow-log.ts';
import { PodLog } from './pod-log.ts';

function scene() {
  const folder = mkdtempSync(join(tmpdir(), 'pipewright-log-'));
  const file = join(folder, 'logs/step.log');
  return {
    file,
    open: () => new PodLog({ file, countFile: join(folder, 'count') }),
    read: () => readFileSync(file, 'utf8'),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}

const write = (sink: LogSink, text: string) => sink.write([Buffer.from(text)]);

test('lines of other containers come whole, after their name, and wait until the step is at the beginning of a line', async () => {
  using world = scene();
  const log = world.open();
  const [own, side] = [log.own(), log.named('side')];
  await write(own, 'one\ntw');
  await write(side, 'a\nb');
  assert.equal(world.read(), 'one\ntw');
  await write(own, 'o\n');
  await write(side, 'c\n');
  assert.equal(world.read(), 'one\ntwo\n[side] a\n[side] bc\n');
  await write(own, 'thr');
  await write(side, 'last');
  await side.close();
  await own.close();
  await log.close();
  assert.equal(world.read(), 'one\ntwo\n[side] a\n[side] bc\nthr\n[side] last\n');
});

test('a reader that begins anew writes what is new only, also after an engine was killed between log and count', async () => {
  using world = scene();
  const first = world.open();
  await write(first.own(), 'own 1\nown 2\n');
  await write(first.named('side'), 'side 1\nside');
  await first.close();
  appendFileSync(world.file, 'written, and not counted');
  const second = world.open();
  await write(second.named('side'), 'side 1\nside 2\n');
  await write(second.own(), 'own 1\nown 2\nown 3\n');
  // The same again, as after a connection that broke.
  await write(second.named('side'), 'side 1\nside 2\nside 3\n');
  await second.close();
  assert.equal(world.read(), 'own 1\nown 2\n[side] side 1\n[side] side 2\nown 3\n[side] side 3\n');
});

test('a line without end is broken, and one that keeps others waiting for long too', async () => {
  using world = scene();
  const log = world.open();
  await write(log.named('side'), 'x'.repeat(70_000));
  assert.equal(world.read().length, '[side] '.length + 65_536 + 1);
  await write(log.own(), 'progress 50 %');
  await write(log.named('other'), 'line\n'.repeat(1001));
  assert.match(world.read(), /progress 50 %\n\[other\] line\n/);
  await log.close();
});

test('a log that cannot be written says why, and ends nothing', async () => {
  const log = new PodLog({ file: '/dev/null/step.log', countFile: '/dev/null/count' });
  const sink = log.own();
  await write(sink, 'text');
  assert.match(sink.problem()!.message, /ENOTDIR|EEXIST/);
  await log.close();
});
