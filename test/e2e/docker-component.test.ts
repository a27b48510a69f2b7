// The whole way of a component of one's own: code in any language, an image, a registry, component.yaml, a pipeline, a run.
import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { tagImage, pushImage } from '../../src/docker/images.ts';
import { registryAuth } from '../../src/docker/registry-credentials.ts';
import { dockerForTests } from '../support/docker-for-tests.ts';
import { localRegistry, noLocalRegistry } from '../support/local-registry.ts';
import { cliWorld } from '../support/run-cli.ts';
import { repositoryRoot } from '../support/source-files.ts';

const docker = await dockerForTests(['alpine']);
const skip = docker.skip || noLocalRegistry();

const EXAMPLE = join(repositoryRoot, 'examples/word-count');
const COMPONENT = readFileSync(join(EXAMPLE, 'count', 'component.yaml'), 'utf8');

function copyExample(folder: string, base = 'alpine'): string {
  const count = join(folder, 'count');
  cpSync(EXAMPLE, folder, { recursive: true });
  writeFileSync(
    join(count, 'Dockerfile'),
    readFileSync(join(count, 'Dockerfile'), 'utf8').replace('FROM alpine', `FROM ${base}`),
  );
  return count;
}

test(
  'a component of one’s own is built, pushed, loaded by its component.yaml and run; what is unchanged is not built again',
  { skip },
  async () => {
    await using registry = await localRegistry();
    await using world = await cliWorld();
    const folder = copyExample(world.folder);
    const repository = `${registry.address}/team/count-words`;
    const build = () => world.run(['component', 'build', folder, '--push', repository, '--builder', 'docker']);
    const first = await build();
    assert.equal(first.exitCode, 0, first.stderr);
    assert.match(
      first.stdout,
      /built .*\/team\/count-words:sha-[0-9a-f]{12} with docker\npushed .*@sha256:[0-9a-f]{64}\n.*component\.yaml names it/,
    );
    const [, image] = /image: (\S+)/.exec(readFileSync(join(folder, 'component.yaml'), 'utf8'))!;
    assert(image!.startsWith(`${repository}@sha256:`));
    assert.equal(readFileSync(join(folder, 'component.yaml'), 'utf8'), COMPONENT.replace('word-count', image!));
    const second = await build();
    assert.match(second.stdout, /unchanged: .*:sha-/);

    // Another machine finds it in the registry.
    const [, tag] = /built (\S+)/.exec(first.stdout)!;
    const forget = () => docker.api.call('DELETE', `/images/${tag}`, { query: { force: true } });
    await forget();
    assert.match((await build()).stdout, /unchanged: .*:sha-/);

    // So that the run has to fetch it, too.
    await forget();
    const run = await world.run([
      'local',
      join(world.folder, 'pipeline.ts'),
      '--executor',
      'docker',
      '--json',
      '-p',
      'text=a b b c c c',
    ]);
    assert.equal(run.exitCode, 0, run.stderr + run.stdout);
    const { state, outputs } = JSON.parse(run.stdout) as {
      readonly state: string;
      readonly outputs: { readonly parameters: unknown; readonly artifacts: { readonly table: { readonly uri: string } } };
    };
    assert.equal(state, 'SUCCEEDED');
    assert.deepEqual(outputs.parameters, { words: 6 });
    assert.equal(readFileSync(outputs.artifacts.table.uri, 'utf8'), '3 c\n2 b\n1 a\n');
  },
);

const hasBuildah = spawnSync('sh', ['-c', 'command -v buildah']).status === 0;

test(
  'buildah builds the same without a daemon',
  { skip: skip || (process.getuid?.() === 0 && hasBuildah ? false : 'buildah is not installed, or we are not root') },
  async () => {
    await using registry = await localRegistry();
    await using world = await cliWorld();
    const base = `${registry.address}/base/alpine`;
    await tagImage(docker.api, 'alpine', base);
    await pushImage(docker.api, base, { auth: registryAuth(undefined, registry.address) });
    await docker.api.call('DELETE', `/images/${base}`);
    const folder = copyExample(world.folder, base);
    const build = () =>
      world.run(['component', 'build', folder, '--push', `${registry.address}/team/count-words`, '--builder', 'buildah']);
    const first = await build();
    assert.equal(first.exitCode, 0, first.stderr);
    assert.match(first.stdout, /built \S+ with buildah\npushed \S+@sha256:[0-9a-f]{64}\n/);
    assert.match((await build()).stdout, /unchanged: /);
    const [, image] = /built (\S+)/.exec(first.stdout)!;
    spawnSync('buildah', ['rmi', '--force', image!, base]);
  },
);

test('a build that fails says what the builder said, and pushes nothing', { skip }, async () => {
  await using world = await cliWorld();
  const folder = copyExample(world.folder);
  writeFileSync(join(folder, 'Dockerfile'), 'FROM alpine\nRUN echo it is broken >&2 && exit 3\n');
  const failed = await world.run(['component', 'build', folder, '--push', '127.0.0.1:1/x', '--builder', 'docker']);
  assert.equal(failed.exitCode, 2);
  assert.match(failed.stderr, /it is broken[\s\S]*cannot build the image .* returned a non-zero code: 3/);
  assert.equal(readFileSync(join(folder, 'component.yaml'), 'utf8'), COMPONENT);
});
