import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { hostEnv, parsePipSettings } from './host-env.ts';

test('proxies and package mirrors reach the container, and nothing else of the server’s environment', () => {
  const { env } = hostEnv({
    HTTPS_PROXY: 'http://proxy:3128',
    PIP_INDEX_URL: 'https://mirror/simple',
    DATABASE_URL: 'secret',
    PATH: '/bin',
  });
  assert.equal(env['HTTPS_PROXY'], 'http://proxy:3128');
  assert.equal(env['PIP_INDEX_URL'], 'https://mirror/simple');
  assert.equal(env['DATABASE_URL'], undefined);
  assert.equal(env['PATH'], undefined);
});

test('a file of certificates is shown once, and every variable names it where the container has it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pipewright-host-env-'));
  try {
    const bundle = join(folder, 'ca.pem');
    writeFileSync(bundle, 'certificates');
    const { env, files } = hostEnv({ PIP_CERT: bundle, SSL_CERT_FILE: bundle, REQUESTS_CA_BUNDLE: join(folder, 'none') });
    assert.equal(files.filter(({ source }) => source === bundle).length, 1);
    const target = files.find(({ source }) => source === bundle)?.target;
    assert.equal(env['PIP_CERT'], target);
    assert.equal(env['SSL_CERT_FILE'], target);
    assert.equal(env['REQUESTS_CA_BUNDLE'], undefined);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('pip’s own file says where packages come from', () => {
  const text = [
    '[global]',
    '# a comment',
    'index-url = https://mirror/simple',
    'extra-index-url =',
    '    https://one/simple',
    '    https://two/simple',
    'timeout = 60',
    '[list]',
    'trusted-host = not-this',
    '[install]',
    'trusted-host: mirror',
  ].join('\n');
  assert.deepEqual(parsePipSettings(text), {
    PIP_INDEX_URL: 'https://mirror/simple',
    PIP_EXTRA_INDEX_URL: 'https://one/simple https://two/simple',
    PIP_TRUSTED_HOST: 'mirror',
  });
});
