import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AuthServer, authServer, json } from '../../../test/support/auth-server.ts';

const OWN = '/apis/pipewright/v1';

async function asAdmin(server: AuthServer) {
  const headers = { cookie: await server.logIn('admin', 'secret'), 'content-type': 'application/json' };
  return async (method: string, path: string, body?: object) => {
    const init = { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) };
    const response = await server.send(path.startsWith('/apis') ? path : `${OWN}/${path}`, init);
    return { status: response.status, body: await json(response) };
  };
}

test('An administrator makes a user, gives and takes roles, sets a password, and deletes the user.', async () => {
  await using server = await authServer({ authPassword: 'secret' });
  const ask = await asAdmin(server);
  const made = await ask('POST', 'users', { name: 'ann@example.com', password: 'correct horse' });
  assert.deepEqual([made.status, made.body['name'], made.body['origin']], [200, 'ann@example.com', 'password']);
  assert.equal((await ask('POST', 'users', { name: 'ann@example.com', password: 'correct horse' })).status, 409);
  assert.equal((await ask('GET', 'users/ann%40example.com')).body['name'], 'ann@example.com');
  const binding = await ask('POST', 'rolebindings', { subject: 'ann@example.com', role: 'editor', namespace: 'team-a' });
  assert.equal(binding.status, 200);
  const again = await ask('POST', 'rolebindings', { subject: 'ann@example.com', role: 'viewer', namespace: 'team-a' });
  assert.equal(again.status, 409);
  const cookie = await server.logIn('ann@example.com', 'correct horse');
  const session = async () => await json(await server.send(`${OWN}/session`, { headers: { cookie } }));
  assert.deepEqual((await session())['roles'], [{ namespace: 'team-a', role: 'editor' }]);
  assert.equal((await ask('DELETE', `rolebindings/${String(binding.body['role_binding_id'])}`)).status, 200);
  assert.equal((await session())['roles'], undefined);
  assert.equal((await ask('PATCH', 'users/ann%40example.com', { password: 'battery staple' })).status, 200);
  assert.equal((await session())['user_name'], undefined);
  assert.match(await server.logIn('ann@example.com', 'battery staple'), /^pipewright_session=/);
  assert.equal((await ask('DELETE', 'users/ann%40example.com')).status, 200);
  assert.equal((await ask('GET', 'users/ann%40example.com')).status, 404);
  assert.equal(await server.logIn('ann@example.com', 'battery staple'), 'refused with 401');
});

test('Users, tokens and roles show no secret but a new token, once.', async () => {
  await using server = await authServer({ authPassword: 'secret' });
  const ask = await asAdmin(server);
  const { body: made } = await ask('POST', 'tokens', { name: 'ci', role: 'viewer', expires_at: '2027-01-01T00:00:00Z' });
  assert.match(String(made['token']), /^pw_/);
  assert.deepEqual([made['role'], made['expires_at']], ['viewer', '2027-01-01T00:00:00.000Z']);
  const texts = await Promise.all(
    ['users', 'tokens', 'rolebindings', 'audit'].map(async (path) => JSON.stringify(await ask('GET', path))),
  );
  assert.ok(texts[1]!.includes('"name":"ci"'));
  for (const text of texts) assert.doesNotMatch(text, /hash|scrypt|pw_|"token":/);
  const authorization = `Bearer ${String(made['token'])}`;
  assert.equal((await server.send('/apis/v2beta1/runs', { headers: { authorization } })).status, 200);
  assert.equal((await server.send('/apis/v2beta1/runs', { method: 'POST', headers: { authorization } })).status, 403);
  assert.equal((await ask('DELETE', `tokens/${String(made['token_id'])}`)).status, 200);
  assert.equal((await server.send('/apis/v2beta1/runs', { headers: { authorization } })).status, 401);
});

test('One changes one’s own password by the old one, and is logged out.', async () => {
  await using server = await authServer({ authPassword: 'secret' });
  await (
    await asAdmin(server)
  )('POST', 'users', { name: 'ann', password: 'correct horse' });
  const headers = { cookie: await server.logIn('ann', 'correct horse'), 'content-type': 'application/json' };
  const change = (old: string) =>
    server.send(`${OWN}/session:changePassword`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ old_password: old, new_password: 'battery staple' }),
    });
  assert.equal((await change('guess')).status, 403);
  assert.equal((await change('correct horse')).status, 200);
  assert.equal((await change('battery staple')).status, 401);
  const again = { ...headers, cookie: await server.logIn('ann', 'battery staple') };
  const guess = { method: 'POST', headers: again, body: '{"old_password":"guess","new_password":"new password"}' };
  const guesses: number[] = [];
  for (let at = 0; at < 11; at += 1) guesses.push((await server.send(`${OWN}/session:changePassword`, guess)).status);
  assert.deepEqual(guesses.slice(-3), [403, 429, 429]);
  server.app.clock.advance(300_000);
  assert.match(await server.logIn('ann', 'battery staple'), /^pipewright_session=/);
});

test('The audit log tells who changed what from where, also what was refused, and nothing else.', async () => {
  await using server = await authServer({ authPassword: 'secret' });
  const ask = await asAdmin(server);
  await server.logIn('admin', 'wrong');
  await server.logIn('my secret password', '');
  await ask('POST', 'users', { name: 'ann', password: 'correct horse' });
  await ask('POST', '/apis/v2beta1/runs/r1:archive?token=hidden');
  await ask('GET', '/apis/v2beta1/runs');
  await ask('POST', 'users', { name: 'ann', password: 'correct horse' });
  await server.send('/apis/v2beta1/runs', { method: 'POST', body: '{}' });
  server.app.clock.advance(200);
  let entries: readonly Record<string, unknown>[] = [];
  while (entries.length < 6) entries = ((await ask('GET', 'audit')).body['entries'] ?? []) as typeof entries;
  assert.deepEqual(
    entries.map((entry) => [entry['user_name'], entry['via'], entry['route_id'], entry['resource'], entry['status']]),
    [
      ['admin', 'session', 'User_Create', '/apis/pipewright/v1/users', 409],
      ['admin', 'session', 'RunService_ArchiveRun', '/apis/v2beta1/runs/r1:archive', 200],
      ['admin', 'session', 'User_Create', '/apis/pipewright/v1/users', 200],
      [undefined, 'login', 'Session_Create', '/apis/pipewright/v1/session', 401],
      ['admin', 'login', 'Session_Create', '/apis/pipewright/v1/session', 401],
      ['admin', 'login', 'Session_Create', '/apis/pipewright/v1/session', 200],
    ],
  );
  assert.ok(entries.every((entry) => entry['address'] === '127.0.0.1' && String(entry['created_at']).startsWith('2026-')));
  assert.doesNotMatch(JSON.stringify(entries), /secret|hidden|horse/);
});
