import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProductError } from '../base/errors.ts';
import { targetOf, type DockerTls } from './docker-endpoint.ts';

const verified: DockerTls = { rejectUnauthorized: true, ca: 'pem' };

const GOOD: readonly (readonly [string, DockerTls | undefined, object])[] = [
  ['unix:///run/docker.sock', undefined, { socketPath: '/run/docker.sock' }],
  ['unix:///tmp/a b%20ü#?.sock', undefined, { socketPath: '/tmp/a b%20ü#?.sock' }],
  ['/run/docker.sock', undefined, { socketPath: '/run/docker.sock' }],
  ['npipe:////./pipe/docker_engine', undefined, { socketPath: '//./pipe/docker_engine' }],
  ['tcp://127.0.0.1', undefined, { host: '127.0.0.1', port: 2375 }],
  ['tcp://127.0.0.1', verified, { host: '127.0.0.1', port: 2376, ...verified }],
  ['tcp://[::1]:80/', undefined, { host: '::1', port: 80 }],
  ['http://docker.example:1', undefined, { host: 'docker.example', port: 1 }],
  ['https://docker.example', undefined, { host: 'docker.example', port: 2376, rejectUnauthorized: true }],
];

test('an address says where to connect, and whether with TLS.', () => {
  for (const [address, tls, target] of GOOD) assert.deepEqual(targetOf({ address, ...(tls && { tls }) }), target, address);
});

test('an address that cannot be used says why and what to write.', () => {
  const rows: readonly (readonly [string, RegExp])[] = [
    ['127.0.0.1:2375', /"127.0.0.1:2375" cannot be used: it is no address/],
    ['unix://', /it is no address/],
    ['tcp://', /it is no host and port/],
    ['tcp://host:port', /it is no host and port/],
    ['ssh://me@there', /cannot be reached by ssh/],
  ];
  for (const [address, message] of rows) {
    assert.throws(
      () => targetOf({ address }),
      (error: unknown) => error instanceof ProductError && message.test(error.message) && error.hint !== undefined,
      address,
    );
  }
});
