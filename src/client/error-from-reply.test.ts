import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorFromReply } from './error-from-reply.ts';

const asked = { method: 'GET', url: 'http://h/apis/v2beta1/runs/r' };
const from = (status: number, body: unknown) =>
  errorFromReply(asked, status, typeof body === 'string' ? body : JSON.stringify(body));

test('the short text of the details is the message', () => {
  const error = from(404, {
    code: 5,
    message: 'Failed to get a run: ResourceNotFoundError: Run r not found',
    details: [{ message: 'Run r not found' }],
  });
  assert.deepEqual([error.code, error.message], ['NOT_FOUND', 'Run r not found']);
});

test('every generation of servers is understood', () => {
  assert.equal(from(400, { error_message: 'bad file', error_details: 'long' }).message, 'bad file');
  assert.equal(from(400, { error: 'old gateway', code: 3 }).message, 'old gateway');
  assert.equal(from(400, { message: 'bare' }).message, 'bare');
});

test("gRPC's number tells apart what the status does not", () => {
  assert.equal(from(409, { code: 6, message: 'x' }).code, 'ALREADY_EXISTS');
  assert.equal(from(409, { code: 10, message: 'x' }).code, 'CONFLICT');
  assert.equal(from(400, { code: 9, message: 'x' }).code, 'FAILED_PRECONDITION');
});

test('hint and problems of the server are passed on, and not told twice', () => {
  const problems = [{ path: '-p n', message: 'is not a number', hint: 'give 1' }];
  const error = from(400, {
    code: 3,
    details: [{ message: 'bad arguments; -p n: is not a number (give 1)' }],
    hint: 'look',
    problems,
  });
  assert.deepEqual([error.message, error.hint, error.problems], ['bad arguments', 'look', problems]);
});

test('an answer that is no JSON is told with its status', () => {
  assert.match(from(502, '<html>').message, /GET http:\/\/h\/apis\/v2beta1\/runs\/r was answered with status 502/);
  assert.match(from(404, '').message, /there is no Kubeflow Pipelines API at/);
});

test('who is not logged in is told how to', () => {
  assert.match(from(401, { message: 'no' }).hint ?? '', /pipewright login/);
});
