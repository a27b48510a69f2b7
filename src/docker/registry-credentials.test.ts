import assert from 'node:assert/strict';
import { test } from 'node:test';
import { credentialHelper, findCredentials, registryAuth } from './registry-credentials.ts';

const auth = Buffer.from('me:pass:word').toString('base64');

test('credentials are found under every name a registry has in these documents', () => {
  const rows: readonly (readonly [string, string, boolean])[] = [
    ['https://index.docker.io/v1/', 'docker.io', true],
    ['docker.io', 'docker.io', true],
    ['ghcr.io', 'ghcr.io', true],
    ['https://ghcr.io', 'ghcr.io', true],
    ['https://localhost:5000/v2/', 'localhost:5000', true],
    ['ghcr.io', 'gcr.io', false],
    ['ghcr.io', 'docker.io', false],
  ];
  for (const [key, registry, isFound] of rows) {
    for (const document of [{ auths: { [key]: { auth } } }, { [key]: { auth } }]) {
      const expected = isFound ? { username: 'me', password: 'pass:word' } : undefined;
      assert.deepEqual(findCredentials(JSON.stringify(document), registry), expected, `${key} ${registry}`);
    }
  }
});

test('an entry without anything in it is none, and text that is no document has none', () => {
  for (const text of [
    '',
    '{',
    '[]',
    '{"auths":{"ghcr.io":{}}}',
    '{"auths":{"ghcr.io":"x"}}',
    '{"auths":{"ghcr.io":{"auth":"%%"}}}',
  ])
    assert.equal(findCredentials(text, 'ghcr.io'), undefined, text);
});

test('a name and a password, or a token, may be written out', () => {
  const document = { auths: { a: { username: 'u', password: 'p' }, b: { identitytoken: 't' } } };
  assert.deepEqual(findCredentials(JSON.stringify(document), 'a'), { username: 'u', password: 'p' });
  assert.deepEqual(findCredentials(JSON.stringify(document), 'b'), { username: '', password: '', identityToken: 't' });
});

test('the helper of a registry comes before the one for all', () => {
  const text = JSON.stringify({ credHelpers: { 'gcr.io': 'gcloud' }, credsStore: 'desktop' });
  assert.equal(credentialHelper(text, 'gcr.io'), 'gcloud');
  assert.equal(credentialHelper(text, 'docker.io'), 'desktop');
  assert.equal(credentialHelper('{}', 'docker.io'), undefined);
});

test('what is sent to the daemon names the registry', () => {
  const sent = (header: string): unknown => JSON.parse(Buffer.from(header, 'base64url').toString());
  assert.deepEqual(sent(registryAuth({ username: 'u', password: 'p' }, 'docker.io')), {
    username: 'u',
    password: 'p',
    serveraddress: 'https://index.docker.io/v1/',
  });
  assert.deepEqual(sent(registryAuth(undefined, 'ghcr.io')), {});
  for (const name of ['a', 'ab', 'abc', 'abcd']) assert.equal(registryAuth({ username: name, password: '' }, 'r').length % 4, 0);
});
