import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import type { TaskError } from '../model/outcome.ts';
import { explainFullDisk } from './full-disk.ts';

const failed = (message: string, more: Partial<TaskError> = {}): TaskError => ({ code: 1, cause: 'step', message, ...more });

const ROWS: readonly (readonly [title: string, error: TaskError, hint: RegExp | undefined])[] = [
  ['a program that found no space', failed('exit status 1\ncp: x: No space left on device'), /a disk the step wrote to was full/],
  ['a program whose quota is used up', failed('exit status 1\nOSError: [Errno 122] Disk quota exceeded'), /free some space/],
  ['a program of Node without space', failed('exit status 1\nError: ENOSPC: no space left on device, write'), /free some space/],
  ['a program that failed for a reason of its own', failed('exit status 1\nno space between words'), undefined],
  ['an error that says what to do already', failed('No space left on device', { hint: 'known' }), /^known$/],
  ['a time limit', failed('No space left on device', { cause: 'timeout' }), undefined],
];

for (const [title, error, hint] of ROWS) {
  test(`The error of a step says that a disk was full where it was: ${title}.`, async () => {
    const explained = await explainFullDisk(error, tmpdir());
    if (hint) assert.match(explained.hint ?? '', hint);
    else assert.equal(explained.hint, undefined);
    assert.deepEqual({ ...explained, hint: error.hint }, { ...error, hint: error.hint });
  });
}
