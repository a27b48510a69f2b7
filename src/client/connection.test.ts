import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectionFrom, DEFAULT_ENDPOINT } from './connection.ts';

const ENDPOINTS: readonly (readonly [given: string | undefined, expected: string])[] = [
  [undefined, DEFAULT_ENDPOINT],
  ['http://127.0.0.1:9000', 'http://127.0.0.1:9000'],
  ['http://127.0.0.1:9000/', 'http://127.0.0.1:9000'],
  ['localhost:9000', 'http://localhost:9000'],
  ['[::1]:9000', 'http://[::1]:9000'],
  ['pipelines.example.org/pipeline/', 'https://pipelines.example.org/pipeline'],
  ['HTTPS://example.org', 'https://example.org'],
];

test('an address without a scheme is HTTPS, unless it is this machine', () => {
  for (const [endpoint, expected] of ENDPOINTS) assert.equal(connectionFrom({ endpoint }, {}).endpoint, expected);
});

test('what is no address is refused with an example', () => {
  for (const endpoint of ['ftp://example.org', 'http://', 'not an address', 'http://h/?a=1']) {
    assert.throws(() => connectionFrom({ endpoint }, {}), /not the address of a server/, endpoint);
  }
});

test('options win over the environment, and the environment over a stored login', () => {
  const env = { KF_PIPELINES_ENDPOINT: 'http://env:1', PIPEWRIGHT_TOKEN: 'env', PIPEWRIGHT_NAMESPACE: 'team' };
  assert.deepEqual(
    connectionFrom({}, env, () => 'stored'),
    { endpoint: 'http://env:1', token: 'env', namespace: 'team' },
  );
  const options = { endpoint: 'http://option:1', token: 'option', namespace: 'mine' };
  assert.deepEqual(connectionFrom(options, env), options);
  const stored = connectionFrom({}, {}, (endpoint) => (endpoint === DEFAULT_ENDPOINT ? 'stored' : undefined));
  assert.equal(stored.token, 'stored');
});
