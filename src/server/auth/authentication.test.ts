import assert from 'node:assert/strict';
import { test } from 'node:test';
import { authServer, json } from '../../../test/support/auth-server.ts';

const RUNS = '/apis/v2beta1/runs';
const SESSION = '/apis/pipewright/v1/session';
const post = (headers: Record<string, string>, body = '{}'): RequestInit => ({ method: 'POST', headers, body });
const JSON_TYPE = { 'content-type': 'application/json' };

// Without login: what another site or another name could do.
for (const [host, status] of [
  ['localhost:8888', 200],
  ['LOCALHOST', 200],
  ['localhost.', 200],
  ['pipelines.localhost:1', 200],
  ['127.0.0.1:8888', 200],
  ['127.1:8888', 200],
  ['[::1]:8888', 200],
  ['[::ffff:127.0.0.1]', 200],
  ['my-laptop:8888', 200],
  ['evil.example', 403],
  ['evil.example:8888', 403],
  ['127.0.0.1.evil.example', 403],
  ['localhost.evil.example', 403],
  ['evillocalhost', 403],
  ['192.168.1.5', 403],
  ['0.0.0.0', 403],
  ['localhost@evil.example', 403],
  ['', 403],
] as const) {
  test(`A server without login asked as ${JSON.stringify(host)} answers ${status}, for pages as for the API.`, async () => {
    await using server = await authServer({ allowedHosts: 'my-laptop' });
    for (const path of [RUNS, '/']) {
      const response = await server.send(path, { headers: { host } });
      assert.equal(response.status, status, path);
      if (status === 403) assert.match(String((await json(response))['hint']), /--allowed-hosts/);
    }
  });
}

for (const [what, headers, status] of [
  ['a program', {}, 200],
  ['a page of ours', { origin: 'http://localhost:8888', 'sec-fetch-site': 'same-origin' }, 200],
  ['a page of ours in an old browser', { origin: 'http://localhost:8888' }, 200],
  ['another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }, 403],
  ['another site in an old browser', { origin: 'https://evil.example' }, 403],
  ['another port of this machine', { origin: 'http://localhost:3000', 'sec-fetch-site': 'same-site' }, 403],
  ['a sandboxed frame', { origin: 'null' }, 403],
  ['a form of another site', { 'sec-fetch-site': 'cross-site', 'content-type': 'text/plain' }, 403],
] as const) {
  test(`A server without login asked for a change by ${what} answers ${status}.`, async () => {
    await using server = await authServer();
    const response = await server.send(RUNS, post({ host: 'localhost:8888', ...headers }));
    assert.equal(response.status, status);
    const reading = await server.send(RUNS, { headers: { host: 'localhost:8888', ...headers } });
    assert.equal(reading.status, 200, 'what is read, another site does not see');
  });
}

test('Without login everyone is the administrator, with whatever token a client sends.', async () => {
  await using server = await authServer();
  const response = await server.send(SESSION, { headers: { authorization: 'Bearer anything' } });
  assert.deepEqual(await json(response), {
    user_name: 'anonymous',
    via: 'open',
    roles: [{ namespace: '*', role: 'admin' }],
  });
  const login = await server.send(SESSION, { method: 'POST', body: '{"username":"admin","password":"x"}' });
  assert.equal(login.status, 400);
  assert.match(JSON.stringify(await json(login)), /--auth-password/);
});

test('With a login, health can be asked and the rest cannot; the answer says how to send a token.', async () => {
  await using server = await authServer({ authPassword: 'secret' });
  assert.equal((await server.send('/apis/v2beta1/healthz')).status, 200);
  assert.equal((await server.send('/apis/v1beta1/healthz', { headers: { authorization: 'Bearer wrong' } })).status, 200);
  assert.equal((await server.send('/', { headers: { host: 'any.example' } })).status, 200);
  const response = await server.send(RUNS);
  assert.equal(response.status, 401);
  assert.equal(response.headers.get('www-authenticate'), 'Bearer');
  assert.match(JSON.stringify(await json(response)), /Authorization: Bearer/);
});

test('A login gives a cookie that scripts cannot read; it opens the API until the logout.', async () => {
  await using server = await authServer({ authPassword: 'secret' });
  const before = await json(await server.send(SESSION));
  assert.deepEqual(before, { is_login_required: true, login_methods: ['password'] });
  const body = JSON.stringify({ username: 'admin', password: 'secret' });
  const response = await server.send(SESSION, { method: 'POST', body });
  assert.equal(response.status, 200);
  const set = response.headers.get('set-cookie')!;
  assert.match(set, /^pipewright_session=[\w-]+; Path=\/; Max-Age=604800; HttpOnly; SameSite=Lax$/);
  const session = await json(response);
  assert.deepEqual([session['user_name'], session['is_signed_in'], session['via']], ['admin', true, 'session']);
  assert.deepEqual(session['roles'], [{ namespace: '*', role: 'admin' }]);
  const cookie = set.split(';')[0]!;
  assert.equal((await json(await server.send(RUNS, { headers: { cookie } })))['user'], 'admin');
  const logout = await server.send(SESSION, { method: 'DELETE', headers: { cookie, ...JSON_TYPE } });
  assert.match(logout.headers.get('set-cookie')!, /^pipewright_session=; .*Max-Age=0/);
  const after = await server.send(RUNS, { headers: { cookie } });
  assert.equal(after.status, 401);
  assert.match(JSON.stringify(await json(after)), /the session is over/);
});

test('Over https the cookie is for https only, and one that was set over http does not count.', async () => {
  await using server = await authServer({ authPassword: 'secret' });
  const body = JSON.stringify({ username: 'admin', password: 'secret' });
  const response = await server.send(`https://pipes.example${SESSION}`, { method: 'POST', body });
  assert.match(response.headers.get('set-cookie')!, /^__Host-pipewright_session=[\w-]+; .*HttpOnly; SameSite=Lax; Secure$/);
  const cookie = response.headers.get('set-cookie')!.split(';')[0]!;
  assert.equal((await server.send(`https://pipes.example${RUNS}`, { headers: { cookie } })).status, 200);
  const renamed = cookie.replace('__Host-', '');
  assert.equal((await server.send(`https://pipes.example${RUNS}`, { headers: { cookie: renamed } })).status, 401);
});

for (const [what, headers, status] of [
  ['a page of ours', { origin: 'http://localhost:8888' }, 200],
  ['a page of ours, as the browser says', { 'sec-fetch-site': 'same-origin', 'content-type': 'multipart/form-data' }, 200],
  ['a program that sends JSON', JSON_TYPE, 200],
  ['a program with a header of its own', { 'x-requested-with': 'curl' }, 200],
  ['another site', { origin: 'https://evil.example', ...JSON_TYPE }, 403],
  ['another site, as the browser says', { 'sec-fetch-site': 'cross-site', ...JSON_TYPE }, 403],
  ['a host that only begins the same', { origin: 'http://localhost:8888.evil.example', ...JSON_TYPE }, 403],
  ['a form without an origin', { 'content-type': 'application/x-www-form-urlencoded' }, 403],
  ['a form that sends text', { 'content-type': 'text/plain' }, 403],
] as const) {
  test(`A change asked for with the cookie by ${what} is answered ${status}; with a token it may come from anywhere.`, async () => {
    await using server = await authServer({ authPassword: 'secret' });
    const cookie = await server.logIn('admin', 'secret');
    assert.equal((await server.send(RUNS, post({ host: 'localhost:8888', cookie, ...headers }))).status, status);
    const created = await server.send('/apis/pipewright/v1/tokens', post({ cookie, ...JSON_TYPE }, '{"name":"ci"}'));
    const authorization = `Bearer ${String((await json(created))['token'])}`;
    assert.equal((await server.send(RUNS, post({ host: 'localhost:8888', authorization, cookie, ...headers }))).status, 200);
  });
}

test('A token that is wrong is refused also when a good cookie comes with it.', async () => {
  await using server = await authServer({ authPassword: 'secret' });
  const cookie = await server.logIn('admin', 'secret');
  for (const authorization of ['Bearer pw_wrong', 'Bearer wrong']) {
    assert.equal((await server.send(RUNS, { headers: { authorization, cookie } })).status, 401);
  }
  const basic = await server.send(RUNS, { headers: { authorization: 'Basic YTpi', cookie } });
  assert.equal(basic.status, 200, 'which a proxy in front may ask for');
});

test('Many wrong passwords are answered with 429 and when to try again; the right one, too, until then.', async () => {
  await using server = await authServer({ authPassword: 'secret' });
  const attempt = (password: string, peer = '10.0.0.1') =>
    server.send(SESSION, { method: 'POST', body: JSON.stringify({ username: 'admin', password }), peer });
  for (let at = 0; at < 10; at += 1) assert.equal((await attempt('wrong')).status, 401);
  const limited = await attempt('secret');
  assert.equal(limited.status, 429);
  assert.equal(limited.headers.get('retry-after'), '300');
  assert.equal((await attempt('secret', '10.0.0.2')).status, 200);
  server.app.clock.advance(300_000);
  assert.equal((await attempt('secret')).status, 200);
});

for (const [what, body, status] of [
  ['nothing', '', 401],
  ['no JSON', '{', 400],
  ['another shape', '[]', 400],
  ['a field that is none', '{"user":"admin"}', 400],
  ['a number', '{"username":1}', 400],
  ['more than anyone’s password', JSON.stringify({ password: 'x'.repeat(20_000) }), 413],
] as const) {
  test(`A login with ${what} is answered ${status}.`, async () => {
    await using server = await authServer({ authPassword: 'secret' });
    const response = await server.send(SESSION, { method: 'POST', body });
    const answer = await json(response);
    assert.deepEqual([response.status, typeof answer['message'], typeof answer['code']], [status, 'string', 'number']);
  });
}
