import assert from 'node:assert/strict';
import { test } from 'node:test';
import { authServer, json } from '../../../test/support/auth-server.ts';
import { CLIENT, type OidcServerOptions, oidcServer, PUBLIC_CLIENT_ID, testBrowser } from '../../../test/support/oidc-server.ts';

const ORIGIN = 'http://localhost:8888';
const LOGIN = `${ORIGIN}/apis/pipewright/v1/login/oidc`;
const SESSION = `${ORIGIN}/apis/pipewright/v1/session`;
const ANN = { sub: 'u-1', claims: { preferred_username: 'ann', groups: ['ops', 'all'] } };

async function setUp(more: Readonly<Record<string, string>> = {}, provider: Partial<OidcServerOptions> = {}) {
  const stack = new AsyncDisposableStack();
  const oidc = stack.use(await oidcServer({ redirectUri: `${LOGIN}/callback`, ...provider }));
  const options = {
    oidcIssuer: oidc.issuer,
    oidcClientId: CLIENT.id,
    oidcClientSecret: CLIENT.secret,
    oidcRoles: 'ops=editor',
    ...more,
  };
  const server = stack.use(await authServer(options));
  const newBrowser = () => testBrowser({ origin: ORIGIN, send: server.send });
  oidc.setUser(ANN);
  return { oidc, server, newBrowser, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

const isCallback = (url: string): boolean => url.startsWith(`${LOGIN}/callback`);

test('A login at the provider ends where it was begun, with the roles of the user’s groups.', async () => {
  await using set = await setUp();
  const browser = set.newBrowser();
  assert.deepEqual((await json(await browser.visit(SESSION)))['login_methods'], ['oidc']);
  const end = await browser.follow(`${LOGIN}?return_to=${encodeURIComponent('/?a=1#/runs/details/r1')}`, (url) =>
    url.includes('#'),
  );
  assert.equal(end.url, `${ORIGIN}/?a=1#/runs/details/r1`);
  const session = await json(await browser.visit(SESSION));
  assert.deepEqual([session['user_name'], session['roles']], ['ann', [{ namespace: '*', role: 'editor' }]]);
  assert.equal((await browser.visit(`${ORIGIN}/apis/v2beta1/runs`)).status, 200);
  assert.equal((await browser.visit(`${ORIGIN}/apis/pipewright/v1/users`)).status, 403);
});

test('Claims in the ID token are taken without asking further.', async () => {
  await using set = await setUp({ oidcRoles: 'all=viewer@team-a' }, { claimsInIdToken: true });
  const browser = set.newBrowser();
  await browser.follow(LOGIN, (url) => url === `${ORIGIN}/`);
  const session = await json(await browser.visit(SESSION));
  assert.deepEqual([session['user_name'], session['roles']], ['ann', [{ namespace: 'team-a', role: 'viewer' }]]);
});

test('A public client logs in without a secret, by PKCE alone.', async () => {
  await using set = await setUp({ oidcClientId: PUBLIC_CLIENT_ID, oidcClientSecret: '' });
  const browser = set.newBrowser();
  await browser.follow(LOGIN, (url) => url === `${ORIGIN}/`);
  assert.equal((await json(await browser.visit(SESSION)))['user_name'], 'ann');
});

test('The next login brings the groups of then, also to sessions and tokens there are.', async () => {
  await using set = await setUp();
  const first = set.newBrowser();
  await first.follow(LOGIN, (url) => url === `${ORIGIN}/`);
  set.oidc.setUser({ ...ANN, claims: { preferred_username: 'renamed', groups: ['all'] } });
  const second = set.newBrowser();
  await second.follow(LOGIN, (url) => url === `${ORIGIN}/`);
  for (const browser of [first, second]) {
    const session = await json(await browser.visit(SESSION));
    assert.deepEqual([session['user_name'], session['roles']], ['ann', undefined]);
  }
});

test('An answer counts in the browser in which the login was begun, and once.', async () => {
  await using set = await setUp();
  const browser = set.newBrowser();
  const { url } = await browser.follow(LOGIN, isCallback);
  const elsewhere = await set.newBrowser().visit(url);
  assert.equal(elsewhere.status, 401);
  assert.match(JSON.stringify(await json(elsewhere)), /not begun in this browser/);
  assert.equal((await browser.visit(url.replace(/state=./, 'state=x'))).status, 401);
  assert.equal((await browser.visit(url)).status, 302);
  assert.equal((await browser.visit(url)).status, 401);
});

test('A code of another login is refused, even with the right state.', async () => {
  await using set = await setUp();
  const browser = set.newBrowser();
  const stolen = new URL((await set.newBrowser().follow(LOGIN, isCallback)).url);
  const own = new URL((await browser.follow(LOGIN, isCallback)).url);
  own.searchParams.set('code', stolen.searchParams.get('code')!);
  const response = await browser.visit(own.href);
  assert.equal(response.status, 401);
  assert.match(JSON.stringify(await json(response)), /the provider refused the login: invalid_grant/);
});

test('Two logins in two tabs do not disturb each other.', async () => {
  await using set = await setUp();
  const browser = set.newBrowser();
  const first = await browser.follow(`${LOGIN}?return_to=/one`, isCallback);
  const second = await browser.follow(`${LOGIN}?return_to=/two`, isCallback);
  assert.equal((await browser.visit(second.url)).headers.get('location'), '/two');
  assert.equal((await browser.visit(first.url)).headers.get('location'), '/one');
});

test('A provider that refuses is quoted, and one that is away is told apart from that.', async () => {
  await using set = await setUp();
  set.oidc.setUser(undefined);
  const { response } = await set.newBrowser().follow(LOGIN);
  assert.equal(response.status, 401);
  assert.match(JSON.stringify(await json(response)), /access_denied: not today/);
  await using away = await authServer({ oidcIssuer: 'http://127.0.0.1:9', oidcClientId: 'x' });
  const unreachable = await away.send('/apis/pipewright/v1/login/oidc');
  assert.equal(unreachable.status, 503);
  assert.match(JSON.stringify(await json(unreachable)), /--oidc-issuer/);
  await using none = await authServer({ authPassword: 'secret' });
  assert.equal((await none.send('/apis/pipewright/v1/login/oidc')).status, 400);
});

test('A wrong client secret is told as what the provider said.', async () => {
  await using set = await setUp({ oidcClientSecret: 'wrong' });
  const { response } = await set.newBrowser().follow(LOGIN);
  assert.equal(response.status, 401);
  assert.match(JSON.stringify(await json(response)), /invalid_client/);
});

test('A name of someone else is not taken over, whatever the provider says.', async () => {
  await using set = await setUp({ authPassword: 'secret' });
  const headers = { cookie: await set.server.logIn('admin', 'secret'), 'content-type': 'application/json' };
  const body = JSON.stringify({ name: 'bob', password: 'correct horse' });
  await set.server.send('/apis/pipewright/v1/users', { method: 'POST', headers, body });
  for (const name of ['bob', 'admin']) {
    set.oidc.setUser({ sub: `of ${name}`, claims: { preferred_username: name } });
    const { response } = await set.newBrowser().follow(LOGIN);
    assert.equal(response.status, 403);
    assert.match(JSON.stringify(await json(response)), /belongs to another user/);
  }
});

test('A logout ends the session here and says where to log out at the provider.', async () => {
  await using set = await setUp();
  const browser = set.newBrowser();
  await browser.follow(LOGIN, (url) => url === `${ORIGIN}/`);
  const response = await browser.visit(SESSION, { method: 'DELETE', headers: { origin: ORIGIN } });
  const url = new URL(String((await json(response))['provider_logout_url']));
  assert.equal(url.origin, set.oidc.issuer);
  assert.deepEqual(
    [url.searchParams.get('client_id'), url.searchParams.get('post_logout_redirect_uri')],
    [CLIENT.id, `${ORIGIN}/`],
  );
  assert.equal((await browser.visit(url.href)).status, 200);
  assert.equal((await json(await browser.visit(SESSION)))['user_name'], undefined);
});

test('A login at the provider is in the audit log under the user’s name.', async () => {
  await using set = await setUp({ authAdmins: 'ann' });
  const browser = set.newBrowser();
  await browser.follow(LOGIN, (url) => url === `${ORIGIN}/`);
  set.server.app.clock.advance(200);
  let text = '';
  while (!text.includes('Oidc_Callback')) text = await (await browser.visit(`${ORIGIN}/apis/pipewright/v1/audit`)).text();
  const [entry] = (JSON.parse(text) as { entries: readonly Record<string, unknown>[] }).entries;
  assert.deepEqual([entry?.['user_name'], entry?.['via'], entry?.['status']], ['ann', 'login', 302]);
  assert.doesNotMatch(text, /code=/);
});
