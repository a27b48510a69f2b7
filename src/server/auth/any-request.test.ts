import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { ALL_TABLES, authServer } from '../../../test/support/auth-server.ts';

const routes = ALL_TABLES.flatMap((table) => Object.values(table)).filter(({ path }) => path.startsWith('/apis/pipewright/v1'));
const printable = fc.string({ unit: 'grapheme-ascii' });
const segment = fc.oneof(fc.constantFrom('admin', 'x', '%00', '%2e%2e', '%ff', 'a%2Fb'), fc.webSegment());
const json = fc.oneof(
  fc.json({ maxDepth: 3 }),
  fc
    .record(
      {
        name: fc.oneof(fc.string({ unit: 'binary' }), fc.constant('admin')),
        username: fc.string({ unit: 'binary' }),
        password: fc.string({ unit: 'binary' }),
        role: fc.oneof(fc.constantFrom('viewer', 'admin'), fc.string()),
        namespace: fc.oneof(fc.constantFrom('', '*', 'team-a'), fc.string({ unit: 'binary' })),
        subject: fc.string({ unit: 'binary' }),
        expires_at: fc.oneof(
          fc.date().map((date) => String(date.getTime())),
          fc.string(),
        ),
      },
      { requiredKeys: [] },
    )
    .map((value) => JSON.stringify(value)),
  fc.string(),
);
const value = fc.oneof(
  printable,
  printable.map((text) => `Bearer pw_${text}`),
  printable.map((text) => `pipewright_session=${text}; pipewright_login_x=${text}`),
  fc.webUrl(),
  fc.ipV6(),
);
const names = [
  'host',
  'origin',
  'cookie',
  'authorization',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'kubeflow-userid',
  'sec-fetch-site',
  'content-type',
];

test('Whatever a request to login and access holds, the answer is none of an error of ours.', async () => {
  const proxied = { authHeader: 'kubeflow-userid', trustedProxy: '127.0.0.1' };
  await using open = await authServer();
  await using closed = await authServer({ authPassword: 'secret', ...proxied });
  const cookie = await closed.logIn('admin', 'secret');
  const request = fc.record({
    route: fc.constantFrom(...routes),
    segment,
    query: fc.oneof(
      fc.constant(''),
      printable.map((text) => `?page_token=${encodeURIComponent(text)}`),
      fc.webQueryParameters().map((text) => `?${text}`),
    ),
    headers: fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 4 }),
    body: json,
    isAdmin: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(request, async ({ route, segment: part, query, headers, body, isAdmin }) => {
      const path = route.path.replace(/\{[^}]+\}/g, part) + query;
      const all = {
        ...headers,
        ...(isAdmin ? { cookie, 'sec-fetch-site': 'same-origin', authorization: '', 'kubeflow-userid': '' } : {}),
      };
      const init = { method: route.method, headers: all, ...(route.method === 'GET' ? {} : { body }) };
      for (const server of [open, closed]) {
        const response = await server.send(path, init);
        const text = await response.text();
        assert.ok(response.status < 500, `${route.method} ${path}: ${text}`);
        assert.ok(!/scrypt|node_modules/.test(text), text);
      }
    }),
    { numRuns: 500, endOnFailure: true },
  );
});
