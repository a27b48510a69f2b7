// Login and access over HTTP, in front of what the server really does.
import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { FRONTEND_ROUTES } from '../../src/api/frontend/routes.ts';
import { ACCESS_ROUTES } from '../../src/api/native/access-routes.ts';
import { NATIVE_ROUTES } from '../../src/api/native/routes.ts';
import type { Routes } from '../../src/api/route.ts';
import { V1_ROUTES } from '../../src/api/v1beta1/routes.ts';
import { V2_ROUTES } from '../../src/api/v2beta1/routes.ts';
import type { JsonObject } from '../../src/base/json.ts';
import { openServer } from '../../src/serve.ts';
import { readAuthConfig } from '../../src/server/auth/auth-config.ts';
import { guardProblems, unmappedAccesses } from '../support/route-guards.ts';
import { testServer } from '../support/test-server.ts';

const TABLES: readonly Routes[] = [V2_ROUTES, V1_ROUTES, NATIVE_ROUTES, ACCESS_ROUTES, FRONTEND_ROUTES];
const OWN = '/apis/pipewright/v1';
const withPassword = (more: Readonly<Record<string, string>> = {}) => readAuthConfig({ authPassword: 'secret', ...more }, {});

interface Answer {
  readonly status: number;
  readonly body: JsonObject;
}

/** Asks a server as someone with an API token. */
function asker(url: string, token: string) {
  return async (method: string, path: string, body?: JsonObject): Promise<Answer> => {
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(url + path, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
    return { status: response.status, body: (await response.json().catch(() => ({}))) as JsonObject };
  };
}

async function tokenOf(url: string, username: string, password: string): Promise<string> {
  const login = await fetch(`${url}${OWN}/session`, { method: 'POST', body: JSON.stringify({ username, password }) });
  assert.equal(login.status, 200);
  const headers = { cookie: login.headers.get('set-cookie')!.split(';')[0]!, 'content-type': 'application/json' };
  const made = await fetch(`${url}${OWN}/tokens`, { method: 'POST', headers, body: '{"name":"test"}' });
  return ((await made.json()) as { token: string }).token;
}

/** The server's administrator, and users made by it with these roles. */
async function people<Names extends string>(url: string, roles: Readonly<Record<Names, readonly [string, string][]>>) {
  const admin = asker(url, await tokenOf(url, 'admin', 'secret'));
  const users: Partial<Record<Names, ReturnType<typeof asker>>> = {};
  for (const [name, given] of Object.entries(roles) as [Names, readonly [string, string][]][]) {
    assert.equal((await admin('POST', `${OWN}/users`, { name, password: 'correct horse' })).status, 200);
    for (const [namespace, role] of given) {
      assert.equal((await admin('POST', `${OWN}/rolebindings`, { subject: name, namespace, role })).status, 200);
    }
    users[name] = asker(url, await tokenOf(url, name, 'correct horse'));
  }
  return { admin, users: users as Record<Names, ReturnType<typeof asker>> };
}

test('Every route of the server that is not open refuses whoever is not known, and has a role that it takes.', async () => {
  assert.deepEqual(unmappedAccesses(TABLES), []);
  await using opened = await testServer({ auth: withPassword() });
  const send = (path: string, init: RequestInit) => fetch(opened.url + path, init);
  assert.deepEqual(await guardProblems(TABLES, send, ({ access }) => (access === 'open' ? undefined : 401)), []);
});

test('Whoever has a role in another namespace only is refused by every route that is about this one.', async () => {
  await using opened = await testServer({ auth: withPassword() });
  const { users } = await people(opened.url, { eve: [['other', 'admin']] });
  const isOurs = (access: string) => /^(runs|experiments|pipelines|jobs|viewers|visualizations|workflows):/.test(access);
  const send = async (path: string, { method, body }: RequestInit) => {
    const answer = await users.eve(method!, path, body === undefined ? undefined : (JSON.parse(body as string) as JsonObject));
    return Response.json(answer.body, { status: answer.status });
  };
  // What a body would name is known only once it is read; those routes are tried below, with bodies.
  const expected = (route: { readonly access: string; readonly body?: string }) =>
    isOurs(route.access) && route.body === undefined ? 403 : undefined;
  assert.deepEqual(await guardProblems(TABLES, send, expected), []);
});

test('What belongs to a namespace is seen and changed by those with a role there.', async () => {
  await using opened = await testServer({ auth: withPassword() });
  const { admin, users } = await people(opened.url, {
    ann: [['team-a', 'editor']],
    vic: [['team-a', 'viewer']],
    bob: [
      ['team-b', 'editor'],
      ['', 'editor'],
    ],
  });
  const { ann, vic, bob } = users;
  const made = await ann('POST', '/apis/v2beta1/experiments', { display_name: 'exp', namespace: 'team-a' });
  assert.deepEqual([made.status, made.body['namespace']], [200, 'team-a']);
  const id = made.body['experiment_id'] as string;
  const list = '/apis/v2beta1/experiments?namespace=team-a';
  const v1List = `/apis/v1beta1/runs?resource_reference_key.type=EXPERIMENT&resource_reference_key.id=${id}`;
  const run = { display_name: 'r', experiment_id: id, pipeline_spec: {} };
  const v1Run = { name: 'r', resource_references: [{ key: { type: 'EXPERIMENT', id }, relationship: 'OWNER' }] };
  const rows: readonly [string, string, JsonObject | undefined, readonly [number, number, number]][] = [
    // Who may:                                                          editor, viewer, stranger
    ['GET', list, undefined, [200, 200, 403]],
    ['GET', `/apis/v2beta1/experiments/${id}`, undefined, [200, 200, 403]],
    ['GET', `/apis/v1beta1/experiments/${id}`, undefined, [200, 200, 403]],
    ['GET', v1List, undefined, [200, 200, 403]],
    ['GET', `/apis/v2beta1/auth?namespace=team-a&resources=VIEWERS&verb=GET`, undefined, [200, 200, 403]],
    ['GET', `/apis/v1beta1/auth?namespace=team-a&resources=VIEWERS&verb=CREATE`, undefined, [200, 403, 403]],
    ['POST', '/apis/v2beta1/experiments', { display_name: 'other', namespace: 'team-a' }, [200, 403, 403]],
    ['POST', '/apis/v2beta1/pipelines', { display_name: 'p', namespace: 'team-a' }, [200, 403, 403]],
    // The pipeline is none, which is found out only by those who may make a run.
    ['POST', '/apis/v2beta1/runs', run, [400, 403, 403]],
    ['POST', '/apis/v1beta1/runs', v1Run, [400, 403, 403]],
    ['POST', `/apis/v2beta1/experiments/${id}:archive`, undefined, [200, 403, 403]],
    ['GET', '/apis/v2beta1/experiments', undefined, [403, 403, 200]],
    ['GET', '/apis/v2beta1/experiments?namespace=*', undefined, [403, 403, 403]],
    ['GET', `${OWN}/users`, undefined, [403, 403, 403]],
    ['GET', `${OWN}/audit`, undefined, [403, 403, 403]],
  ];
  for (const [method, path, body, expected] of rows) {
    const answers: number[] = [];
    for (const ask of [ann, vic, bob]) answers.push((await ask(method, path, body)).status);
    assert.deepEqual(answers, expected, `${method} ${path}`);
  }
  const inDefault = (await bob('GET', '/apis/v2beta1/experiments')).body['experiments'] as readonly JsonObject[];
  assert.ok(inDefault.every((row) => row['experiment_id'] !== id));
  assert.equal((await admin('GET', list)).status, 200);
});

test('The addresses in the audit log are those of clients, also behind a trusted proxy, whose header is believed.', async () => {
  const auth = withPassword({ authHeader: 'kubeflow-userid', trustedProxy: '127.0.0.1', authAdmins: 'root@example.com' });
  await using opened = await testServer({ auth });
  const headers = { 'kubeflow-userid': 'root@example.com', 'x-forwarded-for': '203.0.113.9' };
  const made = await fetch(`${opened.url}/apis/v2beta1/experiments`, { method: 'POST', headers, body: '{"display_name":"e"}' });
  assert.equal(made.status, 200);
  let entry: JsonObject | undefined;
  while (!entry) {
    const { entries = [] } = (await (await fetch(`${opened.url}${OWN}/audit`, { headers })).json()) as { entries?: JsonObject[] };
    entry = entries.find((row) => row['route_id'] === 'ExperimentService_CreateExperiment');
  }
  assert.deepEqual([entry['user_name'], entry['via'], entry['address']], ['root@example.com', 'header', '203.0.113.9']);
});

test('Sessions and tokens outlive a restart; a new password ends the sessions and leaves the tokens.', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'pipewright-login-'));
  const start = (password: string) =>
    openServer({
      dataDir,
      port: 0,
      executor: 'nope',
      auth: readAuthConfig({ authPassword: password }, {}),
      onError: assert.fail,
    });
  const logIn = async (url: string, password: string) =>
    await fetch(`${url}${OWN}/session`, { method: 'POST', body: JSON.stringify({ username: 'admin', password }) });
  let cookie = '';
  let token = '';
  const statuses = async (url: string) => [
    (await fetch(`${url}/apis/v2beta1/runs`, { headers: { cookie } })).status,
    (await fetch(`${url}/apis/v2beta1/runs`, { headers: { authorization: `Bearer ${token}` } })).status,
  ];
  {
    await using server = await start('secret');
    cookie = (await logIn(server.url, 'secret')).headers.get('set-cookie')!.split(';')[0]!;
    token = await tokenOf(server.url, 'admin', 'secret');
  }
  {
    await using server = await start('secret');
    assert.deepEqual(await statuses(server.url), [200, 200]);
  }
  {
    await using server = await start('another');
    assert.equal((await logIn(server.url, 'secret')).status, 401);
    assert.equal((await logIn(server.url, 'another')).status, 200);
    assert.deepEqual(await statuses(server.url), [401, 200]);
  }
  await rm(dataDir, { recursive: true, force: true });
});

test('A server without login answers to names of this machine only, and listens nowhere else.', async () => {
  await using opened = await testServer();
  const { port } = new URL(opened.url);
  const asked = (host: string, headers: Readonly<Record<string, string>> = {}, method = 'GET') =>
    new Promise<number>((resolve, reject) => {
      const path = '/apis/v2beta1/experiments';
      const request = httpRequest({ host: '127.0.0.1', port, path, method, headers: { host, ...headers } }, (response) => {
        response.resume();
        resolve(response.statusCode!);
      });
      request.on('error', reject).end(method === 'POST' ? '{"display_name":"e"}' : undefined);
    });
  assert.deepEqual([await asked(`localhost:${port}`), await asked('evil.example')], [200, 403]);
  assert.equal(await asked(`localhost:${port}`, { origin: 'https://evil.example' }, 'POST'), 403);
  assert.equal(await asked(`localhost:${port}`, { origin: `http://localhost:${port}` }, 'POST'), 200);
  await assert.rejects(testServer({ host: '0.0.0.0' }), { code: 'INVALID_USAGE', hint: /PIPEWRIGHT_AUTH_PASSWORD/ });
});
