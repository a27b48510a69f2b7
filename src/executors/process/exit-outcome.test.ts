import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exitError, refusedError } from './exit-outcome.ts';
import { parseRecord } from './journal-records.ts';
import type { ExitRecord } from './journal-records.ts';

const exited = (changes: Partial<ExitRecord>): ExitRecord => ({
  kind: 'exited',
  attemptId: 'run.1.0',
  exitCode: 0,
  signal: 0,
  reason: '',
  startedMs: 1,
  endedMs: 2,
  cpuMs: 0,
  peakBytes: 0,
  leftFiles: false,
  ...changes,
});

test('an error says how the step ended, with the last lines of its log.', () => {
  const lines = Array.from({ length: 30 }, (_, index) => `line ${index}`).join('\n');
  const { message } = exitError(exited({ exitCode: 2 }), `${lines}\n\n`, {});
  assert.equal(message, `failed to execute component: exit status 2\n${lines.split('\n').slice(-10).join('\n')}`);
  assert.equal(exitError(exited({ exitCode: 2 }), '', {}).message, 'failed to execute component: exit status 2');
  assert.ok(exitError(exited({ exitCode: 2 }), 'x'.repeat(100_000), {}).message.length < 4200);
  assert.match(exitError(exited({ signal: 9 }), '', {}).hint ?? '', /ran out of memory/);
  assert.equal(exitError(exited({ signal: 9 }), '', {}).code, 137);
  assert.equal(exitError(exited({ signal: 15, reason: 'timeout' }), '', { timeoutMs: 1500 }).cause, 'timeout');
});

test('only what trying again may cure is a fault of ours.', () => {
  const cause = (errno: string) =>
    refusedError({ kind: 'refused', attemptId: 'a', errno, message: 'no', atMs: 1 }, { image: 'i' }, { argv: ['p'], env: {} })
      .cause;
  for (const errno of ['ENOENT', 'EACCES', 'E2BIG', 'ENOEXEC', 'EINVAL']) assert.equal(cause(errno), 'input', errno);
  for (const errno of ['ENOMEM', 'EAGAIN', 'ENOSPC', 'EMFILE']) assert.equal(cause(errno), 'system', errno);
});

test('a program that is refused for a U+0000 is told so, whatever the fork-server called it.', () => {
  for (const errno of ['EINVAL', 'ERR_INVALID_ARG_VALUE']) {
    const record = { kind: 'refused', attemptId: 'a', errno, message: 'embedded null byte', atMs: 1 } as const;
    const { message, cause } = refusedError(record, { image: 'i' }, { argv: ['sh', 'a\0b'], env: {} });
    assert.equal(cause, 'input');
    assert.match(message, /^program "sh" could not be started: argument 1 has the character U\+0000/);
  }
});

test('a folder of ours that cannot be written is not blamed on the program.', () => {
  const message = 'cannot create the log file: Permission denied';
  const words = { argv: ['sh'], env: {} };
  const error = refusedError({ kind: 'refused', attemptId: 'a', errno: 'EACCES', message, atMs: 1 }, { image: 'i' }, words);
  assert.equal(error.cause, 'system');
  assert.match(error.message, /log file/);
  assert.doesNotMatch(error.message, /"sh"/);
});

test('a journal line that was cut off is no record.', () => {
  assert.equal(parseRecord('["x","run.1.0",0,0,'), undefined);
  assert.equal(parseRecord(''), undefined);
  assert.equal(parseRecord('{"x":1}'), undefined);
  assert.equal(parseRecord('["new",1]'), undefined);
  assert.deepEqual(parseRecord('["x","run.1.0",0,9,"kill",1,2,3.5,4,true]'), {
    ...exited({ signal: 9, reason: 'kill', cpuMs: 3.5, peakBytes: 4, leftFiles: true }),
  });
});
