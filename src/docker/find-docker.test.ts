import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { findDocker } from './find-docker.ts';

const home = mkdtempSync(join(tmpdir(), 'pipewright-home-'));
after(() => rmSync(home, { recursive: true }));
const config = join(home, '.docker');
const none = () => false;

function addContext(name: string, endpoint: object, tls: Readonly<Record<string, string>> = {}): void {
  const id = createHash('sha256').update(name).digest('hex');
  const meta = join(config, 'contexts/meta', id);
  mkdirSync(meta, { recursive: true });
  writeFileSync(join(meta, 'meta.json'), JSON.stringify({ Name: name, Endpoints: { docker: endpoint } }));
  const folder = join(config, 'contexts/tls', id, 'docker');
  mkdirSync(folder, { recursive: true });
  for (const [file, content] of Object.entries(tls)) writeFileSync(join(folder, file), content);
}

const use = (currentContext: string) => writeFileSync(join(config, 'config.json'), JSON.stringify({ currentContext }));

test('DOCKER_HOST comes first, then the context in use, then the first socket that we may use.', () => {
  addContext('mine', { Host: 'unix:///mine.sock' });
  addContext('far', { Host: 'tcp://far:2376', SkipTLSVerify: true }, { 'ca.pem': 'authority', 'key.pem': 'secret' });
  use('mine');
  assert.deepEqual(findDocker({ HOME: home, DOCKER_HOST: 'tcp://x:1' }, none), { address: 'tcp://x:1' });
  assert.deepEqual(findDocker({ HOME: home }, none), { address: 'unix:///mine.sock' });
  assert.deepEqual(findDocker({ HOME: home, DOCKER_CONTEXT: 'far' }, none), {
    address: 'tcp://far:2376',
    tls: { ca: 'authority', key: 'secret', rejectUnauthorized: false },
  });
  assert.throws(() => findDocker({ HOME: home, DOCKER_CONTEXT: 'gone' }, none), /there is no docker context "gone"/);
  use('default');
  assert.deepEqual(findDocker({ HOME: home }, none), { address: 'unix:///var/run/docker.sock' });
});

test('a socket that may be used is preferred to one that may not.', () => {
  const ours = '/run/user/1000/podman/podman.sock';
  const isAllowed = (path: string, mode: number) => path === ours || (path === '/var/run/docker.sock' && mode === 0);
  assert.deepEqual(findDocker({ XDG_RUNTIME_DIR: '/run/user/1000' }, isAllowed), { address: `unix://${ours}` });
  assert.deepEqual(findDocker({}, isAllowed), { address: 'unix:///var/run/docker.sock' });
});

test('DOCKER_TLS_VERIFY and DOCKER_CERT_PATH say how DOCKER_HOST is talked to.', () => {
  writeFileSync(join(home, 'ca.pem'), 'authority');
  const host = { DOCKER_HOST: 'tcp://x:1', DOCKER_CERT_PATH: home };
  const address = 'tcp://x:1';
  assert.deepEqual(findDocker({ ...host, DOCKER_TLS_VERIFY: '1' }), {
    address,
    tls: { ca: 'authority', rejectUnauthorized: true },
  });
  assert.deepEqual(findDocker(host), { address, tls: { ca: 'authority', rejectUnauthorized: false } });
  assert.deepEqual(findDocker({ DOCKER_HOST: address, DOCKER_TLS_VERIFY: '1' }), { address, tls: { rejectUnauthorized: true } });
});
