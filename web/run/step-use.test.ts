import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attemptsText, coresOf, coresText, resourceRows } from './step-use.ts';

const ATTEMPT = {
  cpu_ms: '1500',
  peak_memory_bytes: String(210 * 2 ** 20),
  started_at: '2026-11-24T10:00:00Z',
  ended_at: '2026-11-24T10:00:02Z',
};
const STEP = {
  asked: { cpu_millis: 4000, memory_bytes: String(8 * 2 ** 30) },
  attempts: 12,
  most_cpu_millis: 900,
  peak_memory_bytes: String(1.5 * 2 ** 30),
  suggested_cpu: '1150m',
  suggested_memory: '1920Mi',
};

test('what a step asks for, used, used lately and should ask for is side by side', () => {
  assert.deepEqual(resourceRows(STEP, ATTEMPT), [
    { name: 'CPU', asked: '4', used: '0.75', lately: '0.9', suggested: '1150m' },
    { name: 'Memory', asked: '8 GiB', used: '210 MiB', lately: '1.5 GiB', suggested: '1920Mi' },
  ]);
  const [cpu, memory] = resourceRows(undefined, undefined);
  const nothing = { asked: undefined, used: undefined, lately: undefined, suggested: undefined };
  assert.deepEqual([cpu, memory], [{ name: 'CPU', ...nothing }, { name: 'Memory', ...nothing }]); // prettier-ignore
});

test('an attempt of less than a second is counted as the latest ones are', () => {
  const short = { ...ATTEMPT, cpu_ms: '30', ended_at: '2026-11-24T10:00:00.05Z' };
  assert.equal(resourceRows(STEP, short)[0]!.used, '0.03');
  assert.equal(coresText(short), '0.6');
});

test('an attempt that was not measured, or runs, kept no cores busy that are known', () => {
  assert.equal(coresOf(ATTEMPT), 0.75);
  assert.equal(coresOf({ ...ATTEMPT, cpu_ms: undefined }), undefined);
  assert.equal(coresOf({ ...ATTEMPT, ended_at: undefined }), undefined);
  assert.equal(coresOf({ ...ATTEMPT, ended_at: ATTEMPT.started_at }), undefined);
});

test('attempts of earlier versions are told as such', () => {
  assert.equal(attemptsText(STEP), '12 attempts');
  assert.equal(attemptsText({ attempts: 1, is_older: true }), '1 attempt of an earlier version of it');
});
