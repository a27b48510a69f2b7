import assert from 'node:assert/strict';
import { test } from 'node:test';
import { registryHint } from './registry-hint.ts';

test('what a registry says has a next step, with its name', () => {
  const rows: readonly (readonly [string, RegExp | undefined])[] = [
    ['no basic auth credentials', /^docker login r\.example:5000/],
    ['denied: requested access to the resource is denied', /^docker login r\.example:5000/],
    ['unauthorized: authentication required', /^docker login/],
    ['mkdir .local: permission denied', undefined],
    ['x509: certificate signed by unknown authority', /certs\.d\/r\.example:5000\/ca\.crt/],
    ['http: server gave HTTP response to HTTPS client', /r\.example:5000 under "insecure-registries"/],
    ['dial tcp 127.0.0.1:5000: connect: connection refused', /can be reached/],
    ['Put "http://127.0.0.1:5000/v2/x": EOF', /can be reached/],
    ['manifest unknown: manifest unknown', /name and the tag/],
    ['write /x: no space left on device', /disk is full/],
    ['something else', undefined],
  ];
  for (const [message, expected] of rows) {
    const hint = registryHint(message, 'r.example:5000/team/x:1');
    if (expected === undefined) assert.equal(hint, undefined, message);
    else assert.match(hint ?? '', expected, message);
  }
});
