// Both kfp clients against a server that asks for a login.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compatServer } from './support/compat-server.ts';
import { kfpEnvironment, type KfpName } from './support/kfp-environment.ts';
import { runCases } from './support/run-cases.ts';
import { writeGreeting } from './support/write-greeting.ts';

const PASSWORD = 'correct horse battery staple';
const FILES: readonly (readonly [KfpName, string])[] = [
  ['kfp2', 'login2.py'],
  ['kfp1', 'login1.py'],
];

for (const [name, file] of FILES) {
  const environment = await kfpEnvironment(name);
  test(`${name} with a login`, { skip: environment.kind === 'missing' && environment.reason }, async (context) => {
    if (environment.kind === 'missing') return;
    await using server = await compatServer({ password: PASSWORD });
    await writeGreeting(server.folder);
    await runCases(context, file, { environment, server, token: await newToken(server.url) });
  });
}

/** An API token, made as the guide says: a login, then a token with its session. */
async function newToken(url: string): Promise<string> {
  const json = (body: object, headers = {}): RequestInit => ({
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const login = await fetch(`${url}/apis/pipewright/v1/session`, json({ username: 'admin', password: PASSWORD }));
  assert.equal(login.status, 200, await login.clone().text());
  const cookie = login.headers
    .getSetCookie()
    .map((text) => text.split(';')[0]!)
    .join('; ');
  const made = await fetch(`${url}/apis/pipewright/v1/tokens`, json({ name: 'compat' }, { cookie }));
  assert.equal(made.status, 200, await made.clone().text());
  const { token } = (await made.json()) as { token: string };
  return token;
}
