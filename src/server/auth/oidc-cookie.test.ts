import assert from 'node:assert/strict';
import { test } from 'node:test';
import { userOfClaims } from './oidc-claims.ts';
import { loginCookie, readLoginCookie, safeReturnPath } from './oidc-cookie.ts';

for (const [given, expected] of [
  ['/', '/'],
  ['/runs/details/r1?tab=logs#x', '/runs/details/r1?tab=logs#x'],
  ['/#/runs/details/r1', '/#/runs/details/r1'],
  ['/a%2f%2fb', '/a%2f%2fb'],
  ['', '/'],
  ['runs', '/'],
  ['//evil.example', '/'],
  ['/\\evil.example', '/'],
  ['/a\\b', '/'],
  ['\\\\evil.example', '/'],
  ['/\t/evil.example', '/'],
  ['/\n/evil.example', '/'],
  ['https://evil.example/', '/'],
  ['javascript:alert(1)', '/'],
  ['/..//evil.example', '/'],
  ['/.//evil.example', '/'],
  [`/${'x'.repeat(2000)}`, '/'],
] as const) {
  test(`After a login with return_to=${JSON.stringify(given.slice(0, 40))} the browser goes to ${expected}.`, () => {
    assert.equal(safeReturnPath(given), expected);
  });
}

const attempt = { state: 'abcdefghijklmnop', nonce: 'n', verifier: 'v', returnTo: '/x' };
const sent = (cookie: string) => new Headers({ cookie: cookie.split(';')[0]! });

test('The cookie of a login is for the login only, and for its state.', () => {
  const cookie = loginCookie(attempt, { isSecure: true });
  assert.match(cookie, /; Path=\/apis\/pipewright\/v1\/login; Max-Age=600; HttpOnly; SameSite=Lax; Secure$/);
  assert.deepEqual(readLoginCookie(sent(cookie), attempt.state), attempt);
  assert.equal(readLoginCookie(sent(cookie), 'abcdefghijX'), undefined, 'another with the same beginning');
  assert.equal(readLoginCookie(sent(cookie), ''), undefined);
});

test('A cookie that was tampered with counts as none, or leads to the start page.', () => {
  const forge = (value: unknown) =>
    sent(`pipewright_login_abcdefghij=${Buffer.from(JSON.stringify(value)).toString('base64url')}`);
  for (const value of [null, [], 'x', { ...attempt, verifier: 1 }, { state: attempt.state }]) {
    assert.equal(readLoginCookie(forge(value), attempt.state), undefined);
  }
  assert.equal(readLoginCookie(sent('pipewright_login_abcdefghij=%%%'), attempt.state), undefined);
  assert.equal(readLoginCookie(forge({ ...attempt, returnTo: '//evil.example' }), attempt.state)?.returnTo, '/');
});

const config = { issuer: 'https://issuer', userClaim: null, groupClaim: 'groups' };
for (const [claims, change, expected] of [
  [{ sub: '1', preferred_username: 'ann', email: 'a@x' }, {}, 'ann'],
  [{ sub: '1', email: 'a@x', email_verified: true }, {}, 'a@x'],
  [{ sub: '1', preferred_username: '' }, {}, '1'],
  [{ sub: '1', preferred_username: 'ann', upn: 'ann@corp' }, { userClaim: 'upn' }, 'ann@corp'],
  [{ sub: '1', preferred_username: 'ann' }, { userClaim: 'upn' }, 'FORBIDDEN'],
  [{ sub: '1', email: 'a@x', email_verified: false }, {}, 'FORBIDDEN'],
  [{ sub: '1', upn: 7 }, { userClaim: 'upn' }, 'FORBIDDEN'],
  [{ preferred_username: 'ann' }, {}, 'FORBIDDEN'],
] as const) {
  test(`The user of ${JSON.stringify(claims)} ${JSON.stringify(change)} is ${expected}.`, () => {
    const found = () => userOfClaims(claims, { ...config, ...change });
    if (expected === 'FORBIDDEN') assert.throws(found, { code: 'FORBIDDEN', hint: /--oidc-user-claim/ });
    else assert.deepEqual([found().name, found().externalId], [expected, 'https://issuer|1']);
  });
}

for (const [groups, expected] of [
  [
    ['a', 'b'],
    ['a', 'b'],
  ],
  ['a', ['a']],
  [undefined, []],
  [{ a: 1 }, []],
  [['a', 1, '', 'b\0'], ['a']],
] as const) {
  test(`The groups claim ${JSON.stringify(groups)} means ${JSON.stringify(expected)}.`, () => {
    assert.deepEqual(userOfClaims({ sub: '1', groups }, config).groups, expected);
  });
}
