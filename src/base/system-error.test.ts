import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { ProductError } from './errors.ts';
import { explainSystemError } from './system-error.ts';

function thrownBy(act: () => void): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return assert.fail('it did not throw');
}

test('what the machine refuses is told with the file and the next step', () => {
  const isFolder = explainSystemError(thrownBy(() => writeFileSync(tmpdir(), '')));
  assert.equal(isFolder?.code, 'UNAVAILABLE');
  assert.ok(isFolder?.message.includes(tmpdir()));
  assert.match(isFolder?.hint ?? '', /folder/);
  assert.match(explainSystemError(thrownBy(() => readFileSync(`${process.execPath}/x`)))?.hint ?? '', /part of the path/);
});

test('a mistake of ours stays one, and what is explained already is left alone', () => {
  assert.equal(explainSystemError(new TypeError('undefined is not a function')), undefined);
  assert.equal(explainSystemError(Object.assign(new Error('no path'), { code: 'EACCES' })), undefined);
  assert.equal(explainSystemError(new ProductError('NOT_FOUND', 'there is no such run')), undefined);
  assert.equal(explainSystemError('text'), undefined);
});
