import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Bench, PLAIN } from '../../../test/contract/executor-fixtures.ts';
import { dockerForTests } from '../../../test/support/docker-for-tests.ts';
import { guardedRegistry } from '../../../test/support/guarded-registry.ts';
import { localRegistry, noLocalRegistry } from '../../../test/support/local-registry.ts';
import { systemClock } from '../../base/clock.ts';
import { pushImage, tagImage } from '../../docker/images.ts';
import { registryAuth } from '../../docker/registry-credentials.ts';
import { openSecretStore } from '../local-secrets.ts';
import { openDockerExecutor } from './docker-executor.ts';

const { api, skip } = await dockerForTests(['alpine']);

test(
  'docker: a private image is pulled with the step’s pull secret or the user’s login, and refused without.',
  { skip: skip || noLocalRegistry() },
  async () => {
    const user = { username: 'me', password: 'pass:word' };
    await using registry = await localRegistry();
    await using guarded = await guardedRegistry(registry.address, user);
    const image = `${guarded.address}/team/private:1`;
    await tagImage(api, 'alpine', image);
    assert.match(await pushImage(api, image, { auth: registryAuth(user, guarded.address) }), /^sha256:/);
    const forget = () => api.call('DELETE', `/images/${image}`);
    await forget();

    const config = mkdtempSync(join(tmpdir(), 'pipewright-docker-config-'));
    try {
      const login = JSON.stringify({ auths: { [guarded.address]: { auth: Buffer.from('me:pass:word').toString('base64') } } });
      const environment = { PATH: process.env['PATH'], DOCKER_CONFIG: config };
      await using bench = await Bench.open((host) => openDockerExecutor({ ...host, clock: systemClock, environment }));
      const refused = (await bench.run(bench.step('true', { image }))).outcome;
      assert(refused.kind === 'failed' && refused.error.cause === 'input', JSON.stringify(refused));
      assert.match(refused.error.hint!, /docker login/);

      await openSecretStore(bench.dataDir).create('secret', 'key', { '.dockerconfigjson': login });
      const withSecret = bench.step('true', { image, platform: { ...PLAIN, imagePullSecrets: ['key'] } });
      assert.equal((await bench.run(withSecret)).outcome.kind, 'succeeded');
      await forget();

      writeFileSync(join(config, 'config.json'), login);
      const always = bench.step('true', { image, platform: { ...PLAIN, imagePullPolicy: 'Always' } });
      assert.equal((await bench.run(always)).outcome.kind, 'succeeded');
      assert(bench.observations.some((seen) => seen.kind === 'note' && seen.message.startsWith('pulling the image')));
      await forget();
    } finally {
      rmSync(config, { recursive: true });
      await forget().catch(() => {});
    }
  },
);
