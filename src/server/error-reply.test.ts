import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ERROR_CODES, type ErrorCode, ProductError } from '../base/errors.ts';
import { errorReply, plainErrorReply } from './error-reply.ts';

for (const [code, status, grpc] of [
  ['INVALID_ARGUMENTS', 400, 3],
  ['INVALID_PIPELINE', 400, 3],
  ['UNSUPPORTED', 400, 3],
  ['FAILED_PRECONDITION', 400, 9],
  ['UNAUTHENTICATED', 401, 16],
  ['FORBIDDEN', 403, 7],
  ['NOT_FOUND', 404, 5],
  ['ALREADY_EXISTS', 409, 6],
  ['CONFLICT', 409, 10],
  ['TOO_LARGE', 413, 8],
  ['RATE_LIMITED', 429, 8],
  ['UNAVAILABLE', 503, 14],
] as const) {
  test(`${code} is answered with ${status}, and ${grpc} for clients of gRPC.`, () => {
    const reply = errorReply(new ProductError(code, 'no'));
    assert.deepEqual([reply.status, reply.body['code']], [status, grpc]);
  });
}

test('Every code of the catalogue has an answer that is no bug.', () => {
  for (const code of Object.keys(ERROR_CODES) as ErrorCode[])
    assert.notEqual(errorReply(new ProductError(code, 'no')).status, 500);
});

const problem = { path: 'root.dag', message: 'has no tasks', hint: 'add one', line: 3 };

test('An answer says what was asked for, what is wrong where, and what to do next.', () => {
  const error = new ProductError('INVALID_PIPELINE', 'it cannot be run', { problems: [problem], hint: 'compile it again' });
  const { body } = errorReply(error, 'Failed to call CreateRun');
  assert.match(
    body['message'] as string,
    /^Failed to call CreateRun: InvalidInputError: it cannot be run; line 3, root\.dag: has no tasks/,
  );
  assert.equal(body['error'], body['message']);
  assert.deepEqual([body['hint'], body['problems']], ['compile it again', [problem]]);
});

test('Of many problems, twenty are in the text and all in the list.', () => {
  const problems = Array.from({ length: 50 }, (_, at) => ({ path: `tasks.${at}`, message: 'is wrong' }));
  const { body } = errorReply(new ProductError('INVALID_PIPELINE', 'it cannot be run', { problems }));
  assert.equal((body['message'] as string).match(/is wrong/g)?.length, 20);
  assert.equal((body['problems'] as unknown[]).length, 50);
});

for (const error of [new Error('password=hunter2'), new TypeError('x is undefined'), 'a text', undefined]) {
  test(`A bug (${typeof error === 'object' ? error.name : String(error)}) tells nothing of itself.`, () => {
    for (const { status, body } of [errorReply(error, 'Failed to call GetRun'), plainErrorReply(error, 'Failed')]) {
      assert.equal(status, 500);
      assert.match(JSON.stringify(body), /Internal Server Error/);
      assert.doesNotMatch(JSON.stringify(body), /hunter2|undefined|a text|\bat\b/);
    }
  });
}

test('Uploads and logs are answered with the two fields their clients read.', () => {
  const { status, body } = plainErrorReply(
    new ProductError('NOT_FOUND', 'no run', { hint: 'look at the list' }),
    'Failed to read',
  );
  assert.equal(status, 404);
  assert.equal(body['error_message'], 'Failed to read: no run (look at the list)');
  assert.match(body['error_details'] as string, /^Failed to read: ResourceNotFoundError: no run/);
});
