import assert from 'node:assert/strict';
import { test } from 'node:test';
import { authServer, json } from '../../../test/support/auth-server.ts';
import { networks } from './loopback.ts';
import { requestOrigin } from './request-origin.ts';

const KUBEFLOW = { authHeader: 'kubeflow-userid', trustedProxy: '10.0.0.0/24', authAdmins: 'root@example.com' };
const RUNS = '/apis/v2beta1/runs';
const SESSION = '/apis/pipewright/v1/session';

for (const [peer, header, status] of [
  ['10.0.0.7', 'root@example.com', 200],
  ['::ffff:10.0.0.7', 'root@example.com', 200],
  ['10.0.1.7', 'root@example.com', 401],
  ['127.0.0.1', 'root@example.com', 401],
  ['', 'root@example.com', 401],
  ['10.0.0.7', '', 401],
  ['10.0.0.7', 'ann@example.com', 403],
  ['10.0.0.7', 'ann@example.com, root@example.com', 400],
] as const) {
  test(`The header "${header}" from ${peer || 'nowhere'} is answered ${status}.`, async () => {
    await using server = await authServer(KUBEFLOW);
    const response = await server.send(RUNS, { headers: { 'kubeflow-userid': header }, peer });
    assert.equal(response.status, status, JSON.stringify(await json(response)));
  });
}

test('A user of a header gets roles and tokens like any other, and other sites cannot use the proxy’s login.', async () => {
  await using server = await authServer(KUBEFLOW);
  const as = (user: string, init: RequestInit = {}) => ({
    ...init,
    peer: '10.0.0.7',
    headers: { 'kubeflow-userid': user, ...(init.headers as object) },
  });
  const body = JSON.stringify({ subject: 'ann@example.com', role: 'viewer' });
  const given = await server.send('/apis/pipewright/v1/rolebindings', as('root@example.com', { method: 'POST', body }));
  assert.equal(given.status, 200);
  assert.equal((await server.send(RUNS, as('ann@example.com'))).status, 200);
  const created = await server.send(
    '/apis/pipewright/v1/tokens',
    as('ann@example.com', { method: 'POST', body: '{"name":"sdk"}' }),
  );
  const authorization = `Bearer ${String((await json(created))['token'])}`;
  const session = await json(await server.send(SESSION, { headers: { authorization }, peer: '192.168.3.4' }));
  assert.deepEqual([session['user_name'], session['via'], session['login_methods']], ['ann@example.com', 'token sdk', undefined]);
  const foreign = await server.send(
    RUNS,
    as('root@example.com', { method: 'POST', body: '{}', headers: { origin: 'https://evil.example' } }),
  );
  assert.equal(foreign.status, 403);
});

test('A prefix of the header’s value is taken off.', async () => {
  await using server = await authServer({ ...KUBEFLOW, authHeaderPrefix: 'accounts.google.com:' });
  const headers = { 'kubeflow-userid': 'accounts.google.com:root@example.com' };
  assert.equal((await json(await server.send(SESSION, { headers, peer: '10.0.0.7' })))['user_name'], 'root@example.com');
});

const trusted = networks(['10.0.0.0/24']);
for (const [what, peer, headers, expected] of [
  [
    'nobody in between',
    '192.0.2.1',
    { 'x-forwarded-for': '1.2.3.4' },
    { address: '192.0.2.1', isSecure: false, host: 'pipes:8888' },
  ],
  [
    'a trusted proxy',
    '10.0.0.7',
    { 'x-forwarded-for': '1.2.3.4', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'pipes.example' },
    { address: '1.2.3.4', isSecure: true, host: 'pipes.example' },
  ],
  [
    'a client that makes up where it comes from',
    '10.0.0.7',
    { 'x-forwarded-for': '6.6.6.6, 1.2.3.4, 10.0.0.8' },
    { address: '1.2.3.4', isSecure: false, host: 'pipes:8888' },
  ],
  ['a proxy that says nothing', '10.0.0.7', {}, { address: '10.0.0.7', isSecure: false, host: 'pipes:8888' }],
  [
    'a proxy that says nonsense',
    '10.0.0.7',
    { 'x-forwarded-for': 'a, b' },
    { address: '10.0.0.7', isSecure: false, host: 'pipes:8888' },
  ],
  [
    'someone else who says https',
    '192.0.2.1',
    { 'x-forwarded-proto': 'https' },
    { address: '192.0.2.1', isSecure: false, host: 'pipes:8888' },
  ],
] as const) {
  test(`Where a request comes from is known with ${what}.`, () => {
    const request = new Request('http://pipes:8888/', { headers });
    const { address, isSecure, host } = requestOrigin(request, peer, { trusted, publicUrl: null });
    assert.deepEqual({ address, isSecure, host }, expected);
  });
}

test('The public URL says how the server is seen, whatever the request says.', () => {
  const request = new Request('http://10.1.1.1:8888/', { headers: { host: 'inner' } });
  const origin = requestOrigin(request, '192.0.2.1', { trusted, publicUrl: 'https://pipes.example' });
  assert.deepEqual([origin.host, origin.isSecure, origin.ownOrigin], ['pipes.example', true, 'https://pipes.example']);
});
