import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Hono } from 'hono';
import { ALL_TABLES, type AuthServer, authServer, json } from '../../../test/support/auth-server.ts';
import { principal } from '../../../test/support/access-app.ts';
import { guardProblems, unmappedAccesses } from '../../../test/support/route-guards.ts';
import { accessRule } from '../../app/access-rules.ts';
import type { Route } from '../../api/route.ts';
import type { AuthEnv } from './caller.ts';
import { requireAccess } from './gate.ts';
import { guardedNamespaces } from './guarded-namespaces.ts';
import { kfpAuthorize } from './kfp-authorize.ts';
import { ANONYMOUS_ADMIN } from '../../app/access-principal.ts';

test('Every access of every route has a role that may do it.', () => {
  assert.deepEqual(unmappedAccesses(ALL_TABLES), []);
});

test('An access without a rule is found, and so is a route that lets someone in.', async () => {
  const route = { method: 'GET', path: '/x', reply: 'Empty', summary: '' } as const;
  const table = { A: { ...route, access: 'runs:unheardOf' }, B: { ...route, access: 'open' } } as const;
  assert.deepEqual(unmappedAccesses([table]), ['runs:unheardOf']);
  const problems = await guardProblems(
    [table],
    async () => new Response('', { status: 200 }),
    () => 401,
  );
  assert.equal(problems.length, 2);
});

const isOpen = ({ access }: Route): boolean => access === 'open';

test('Nobody gets through any route that is not open.', async () => {
  await using server = await authServer({ authPassword: 'secret' });
  const send = (path: string, init: RequestInit) => server.send(path, init);
  assert.deepEqual(await guardProblems(ALL_TABLES, send, (route) => (isOpen(route) ? undefined : 401)), []);
});

test('A user without roles gets through those that are about oneself only.', async () => {
  await using server = await authServer({ authPassword: 'secret' });
  const send = await senderWith(server, []);
  const isOwn = ({ access }: Route): boolean => accessRule(access)?.leastRole === 'user';
  assert.deepEqual(await guardProblems(ALL_TABLES, send, (route) => (isOpen(route) || isOwn(route) ? undefined : 403)), []);
});

for (const [role, through] of [
  ['viewer', ['viewer']],
  ['editor', ['viewer', 'editor']],
] as const) {
  test(`A user who is ${role} gets through what a ${role} may do, and is refused the rest and other namespaces.`, async () => {
    await using server = await authServer({ authPassword: 'secret' });
    const send = await senderWith(server, [{ role, namespace: '' }]);
    const asked = ALL_TABLES.map((table) =>
      Object.fromEntries(Object.entries(table).filter(([id]) => !id.startsWith('RoleBinding'))),
    );
    const leastOf = (route: Route) => accessRule(route.access)?.leastRole ?? 'user';
    const expected = (route: Route) => {
      const least = leastOf(route);
      return least === 'user' ? undefined : (through as readonly string[]).includes(least) ? 200 : 403;
    };
    assert.deepEqual(await guardProblems(asked, send, expected), []);
    const elsewhere = (path: string, init: RequestInit) => send(`${path}?namespace=other`, init);
    assert.deepEqual(await guardProblems(asked, elsewhere, (route) => (leastOf(route) === 'user' ? undefined : 403)), []);
  });
}

/** Sends as a new user with these roles, by a token. */
async function senderWith(server: AuthServer, roles: readonly { role: string; namespace: string }[]) {
  const admin = { cookie: await server.logIn('admin', 'secret'), 'content-type': 'application/json' };
  const post = (path: string, headers: Record<string, string>, body: object) =>
    server.send(`/apis/pipewright/v1/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  assert.equal((await post('users', admin, { name: 'ann', password: 'correct horse' })).status, 200);
  for (const role of roles) assert.equal((await post('rolebindings', admin, { subject: 'ann', ...role })).status, 200);
  const own = { ...admin, cookie: await server.logIn('ann', 'correct horse') };
  const created = await json(await post('tokens', own, { name: 'test' }));
  const authorization = `Bearer ${String(created['token'])}`;
  return (path: string, init: RequestInit) =>
    server.send(path, { ...init, headers: { ...(init.headers as object), authorization } });
}

test('A path outside the tables can be guarded with an access of theirs.', async () => {
  const hono = new Hono<AuthEnv>();
  let caller = principal('vic', { namespace: 'team-a', role: 'viewer' });
  hono.use(async (context, next) => {
    context.set('principal', caller);
    await next();
  });
  hono.onError((error, context) => context.text((error as { code?: string }).code ?? '', 500));
  hono.get(
    '/logs',
    requireAccess('runs:get', (context) => context.req.query('ns') ?? ''),
    (context) => context.text('log'),
  );
  const ask = async (path: string) => await (await hono.request(path)).text();
  assert.deepEqual(
    [await ask('/logs?ns=team-a'), await ask('/logs'), await ask('/logs?ns=*')],
    ['log', 'FORBIDDEN', 'FORBIDDEN'],
  );
  caller = { ...caller, kind: 'nobody', grants: [] };
  assert.equal(await ask('/logs?ns=team-a'), 'UNAUTHENTICATED');
});

test('Namespaces that a body names are asked about as well.', () => {
  const namespaces = guardedNamespaces(principal('eve', { namespace: 'team-a', role: 'editor' }), 'runs:create');
  assert.equal(namespaces.of('team-a'), 'team-a');
  for (const other of [undefined, '', 'team-b', '*', 'default']) {
    for (const name of ['of', 'within', 'withinRuns'] as const)
      assert.throws(() => namespaces[name](other), { code: 'FORBIDDEN' });
  }
});

test('KFP’s question whether one may is answered by the same roles.', () => {
  const viewer = principal('vic', { namespace: 'team-a', role: 'viewer' });
  kfpAuthorize(viewer, { namespace: 'team-a', resources: 'VIEWERS', verb: 'GET' });
  kfpAuthorize(ANONYMOUS_ADMIN, {});
  const asked = { namespace: 'team-a', resources: 'VIEWERS' };
  assert.throws(() => kfpAuthorize(viewer, { ...asked, verb: 'DELETE' }), { code: 'FORBIDDEN' });
  assert.throws(() => kfpAuthorize(viewer, { resources: 'VIEWERS', verb: 'GET' }), { code: 'FORBIDDEN' });
  for (const wrong of [{}, { verb: 'GET' }, { ...asked, verb: 'UNASSIGNED_VERB' }]) {
    assert.throws(() => kfpAuthorize(viewer, wrong), { code: 'INVALID_USAGE' });
  }
});
