import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AUTH_OPTIONS, isAuthOn, readAuthConfig } from './auth-config.ts';

test('Without options there is no login.', () => {
  const config = readAuthConfig({}, {});
  assert.equal(isAuthOn(config), false);
  assert.deepEqual(config.trustedProxies, []);
});

test('Options win over the environment, whose names are those of the options.', () => {
  const env = { PIPEWRIGHT_AUTH_PASSWORD: 'from env', PIPEWRIGHT_OIDC_ISSUER: 'https://issuer', PIPEWRIGHT_OIDC_CLIENT_ID: 'id' };
  assert.equal(readAuthConfig({ authPassword: 'given' }, env).password, 'given');
  const config = readAuthConfig({}, env);
  assert.deepEqual([config.password, config.oidc?.issuer, config.oidc?.clientSecret], ['from env', 'https://issuer', null]);
  assert.equal(isAuthOn(config), true);
});

test('Every option has its own name and variable.', () => {
  for (const key of ['flags', 'name', 'env'] as const) {
    assert.equal(new Set(AUTH_OPTIONS.map((option) => option[key])).size, AUTH_OPTIONS.length);
  }
  assert.ok(AUTH_OPTIONS.every(({ flags, description }) => /^--[a-z-]+ <.+>$/.test(flags) && description !== ''));
});

test('Roles of groups, proxies and the header are read.', () => {
  const config = readAuthConfig(
    {
      oidcIssuer: 'http://localhost:9000',
      oidcClientId: 'id',
      oidcRoles: 'ops=admin, dev=editor@team-a,cn=x@y=viewer@,all=viewer@default',
      authHeader: 'Kubeflow-UserId',
      authHeaderPrefix: 'accounts.google.com:',
      trustedProxy: '10.0.0.7, fd00::/8',
      publicUrl: 'https://pipelines.example.com/',
      authAdmins: 'ann,bob',
    },
    {},
  );
  assert.deepEqual(config.oidc?.groupRoles, [
    { group: 'ops', role: 'admin', namespace: '*' },
    { group: 'dev', role: 'editor', namespace: 'team-a' },
    { group: 'cn=x@y', role: 'viewer', namespace: '' },
    { group: 'all', role: 'viewer', namespace: '' },
  ]);
  assert.deepEqual(config.header, { name: 'kubeflow-userid', prefix: 'accounts.google.com:' });
  assert.deepEqual(config.trustedProxies, ['10.0.0.7', 'fd00::/8']);
  assert.equal(config.publicUrl, 'https://pipelines.example.com');
  assert.deepEqual(config.admins, ['ann', 'bob']);
});

const oidc = { oidcIssuer: 'https://issuer', oidcClientId: 'id' };
for (const [what, options, message] of [
  ['an empty password', { authPassword: '' }, /password/],
  ['an issuer without a client', { oidcIssuer: 'https://issuer' }, /belong together/],
  ['a client without an issuer', { oidcClientId: 'id' }, /belong together/],
  ['an issuer over plain http', { ...oidc, oidcIssuer: 'http://issuer.example' }, /https/],
  ['an issuer that is no URL', { ...oidc, oidcIssuer: 'issuer' }, /https/],
  ['a role without a group', { ...oidc, oidcRoles: 'admin' }, /role of a group/],
  ['a role that is none', { ...oidc, oidcRoles: 'ops=root' }, /no role "root"/],
  ['a namespace that is none', { ...oidc, oidcRoles: 'ops=admin@A B' }, /namespace/],
  ['a header without a proxy', { authHeader: 'kubeflow-userid' }, /trusted-proxy/],
  ['a header of another meaning', { authHeader: 'Authorization', trustedProxy: '10.0.0.1' }, /header/],
  ['a header that is none', { authHeader: 'a b', trustedProxy: '10.0.0.1' }, /header/],
  ['a proxy by name', { trustedProxy: 'proxy' }, /address/],
  ['a network too narrow', { trustedProxy: '10.0.0.0/33' }, /address/],
  ['a public URL with a path', { publicUrl: 'https://x/y' }, /address/],
] as const) {
  test(`The configuration with ${what} is refused.`, () => {
    assert.throws(() => readAuthConfig(options, {}), { code: 'INVALID_USAGE', message });
  });
}

test('An error does not repeat a secret.', () => {
  const secrets = { ...oidc, oidcRoles: 'bad', authPassword: 'hunter2-hunter2', oidcClientSecret: 'hunter3-hunter3' };
  assert.throws(
    () => readAuthConfig(secrets, {}),
    (error) => !JSON.stringify([String(error), error]).includes('hunter'),
  );
});
