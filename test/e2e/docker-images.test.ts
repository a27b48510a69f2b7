// Images of folders nobody has tidied up, by both builders, and of every kind of component.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { inspectImage, pullImage, pushImage, tagImage } from '../../src/docker/images.ts';
import { registryAuth } from '../../src/docker/registry-credentials.ts';
import { dockerForTests } from '../support/docker-for-tests.ts';
import { localRegistry, noLocalRegistry } from '../support/local-registry.ts';
import { cliWorld, type CliWorld } from '../support/run-cli.ts';
import { repositoryRoot } from '../support/source-files.ts';

const docker = await dockerForTests(['alpine', 'python:3.11']);
const node = await dockerForTests(['node:24']);
const skip = docker.skip || noLocalRegistry();
const isThere = (program: string): boolean => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;

const noBuildah =
  skip || (process.getuid?.() === 0 && isThere('buildah') ? false : 'buildah is not installed, or we are not root');

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

const inContainer = (image: string, script: string): string =>
  spawnSync('docker', ['run', '--rm', '--user', '0', '--entrypoint', 'sh', image, '-c', script], { encoding: 'utf8' }).stdout;

const pushedBy = (output: string): string => /^pushed (\S+)$/m.exec(output)![1]!;

async function runDocker(world: CliWorld, file: string, args: readonly string[] = []) {
  const result = await world.run(['local', file, '--executor', 'docker', '--json', ...args]);
  assert.equal(result.exitCode, 0, result.stderr + result.stdout);
  return (JSON.parse(result.stdout) as { readonly outputs: { readonly parameters: unknown } }).outputs.parameters;
}

const UNTIDY: Readonly<Record<string, string>> = {
  'component.yaml':
    'name: Untidy\nimplementation: {container: {image: &i "team/untidy", # why\n  args: [--image, "image: team/untidy"]}}\n',
  Dockerfile:
    'ARG BASE\nFROM $BASE AS first\nRUN echo built > /built\nFROM ${BASE}\nARG WHO=you\nENV GREETING="hello $WHO"\nSHELL ["/bin/sh", "-ec"]\nHEALTHCHECK CMD true\nCOPY --from=first /built /built\nCOPY . /all\nUSER 65534:65534\nWORKDIR /work\nENTRYPOINT ["/all/run.sh"]\n',
  '.dockerignore': '**/*.log\n!keep.log\nDockerfile\n.dockerignore\n',
  'run.sh': '#!/bin/sh\necho "$GREETING"\n',
  'a dir/ünï [1]!.txt': 'text',
  '@at': '',
  '#hash': '',
  '!bang': '',
  'x.log': '',
  'deep/y.log': '',
  'keep.log': '',
};

test('Docker and buildah make the same image of the same folder, under the same tag', { skip: noBuildah }, async () => {
  await using registry = await localRegistry();
  await using world = await cliWorld();
  const base = `${registry.address}/base/alpine`;
  await tagImage(docker.api, 'alpine', base);
  await pushImage(docker.api, base, { auth: registryAuth(undefined, registry.address) });
  const folder = join(world.folder, 'untidy');
  write(folder, UNTIDY);
  mkdirSync(join(folder, 'empty'));
  symlinkSync('a dir', join(folder, 'link'));
  chmodSync(join(folder, 'run.sh'), 0o755);
  const facts = [];
  for (const builder of ['docker', 'buildah']) {
    const args = ['component', 'build', folder, '--builder', builder, '--push', `${registry.address}/${builder}`];
    const result = await world.run([...args, '--build-arg', `BASE=${base}`, '--build-arg', 'WHO=me']);
    assert.equal(result.exitCode, 0, result.stderr);
    const image = pushedBy(result.stdout);
    assert.equal(
      readFileSync(join(folder, 'component.yaml'), 'utf8'),
      UNTIDY['component.yaml']!.replace('"team/untidy"', `"${image}"`),
    );
    await pullImage(docker.api, image, { auth: registryAuth(undefined, registry.address) });
    const { user, workingDir, entrypoint } = (await inspectImage(docker.api, image))!;
    const listing = inContainer(
      image,
      'cd /all && find . -exec stat -c "%n %A %u:%g" {} + | sort; readlink link; cat /built "a dir"/*',
    );
    const said = spawnSync('docker', ['run', '--rm', image], { encoding: 'utf8' }).stdout;
    facts.push({ tag: /built \S+:(\S+)/.exec(result.stdout)?.[1], user, workingDir, entrypoint, listing, said });
  }
  assert.deepEqual(facts[0], facts[1]);
  assert.equal(facts[0]!.said, 'hello me\n');
  const names = facts[0]!.listing.split('\n').flatMap((line) => /^\.\/(.*) \S+ 0:0$/.exec(line)?.[1] ?? []);
  const expected = [
    '!bang',
    '#hash',
    '@at',
    'a dir',
    'a dir/ünï [1]!.txt',
    'component.yaml',
    'deep',
    'empty',
    'keep.log',
    'link',
  ];
  assert.deepEqual(names.sort(), [...expected, 'run.sh'].sort());
  spawnSync('buildah', ['rmi', '--force', base, `${registry.address}/buildah:${facts[1]!.tag}`]);
});

test('a build by buildah that is interrupted leaves no files behind', { skip: noBuildah }, async () => {
  await using world = await cliWorld();
  const folder = join(world.folder, 'slow');
  const scratch = join(world.folder, 'scratch');
  mkdirSync(scratch);
  // It keeps a working container, which is no business of other builds.
  const places = `graphroot = "${world.folder}/images"\nrunroot = "${world.folder}/run"`;
  const storage = await world.write('storage.conf', `[storage]\ndriver = "vfs"\n${places}\n`);
  write(folder, { Dockerfile: 'FROM scratch\nCOPY . /\nRUN ["/busybox", "sleep", "60"]\n' });
  const container = spawnSync('docker', ['create', 'alpine'], { encoding: 'utf8' }).stdout.trim();
  spawnSync('docker', ['cp', `${container}:/bin/busybox`, join(folder, 'busybox')]);
  spawnSync('docker', ['rm', container]);
  const ended = await world.run(['component', 'build', folder, '--image', 'pipewright-test/slow', '--builder', 'buildah'], {
    env: { TMPDIR: scratch, CONTAINERS_STORAGE_CONF: storage },
    onOutput: (text, signal) => {
      if (text.includes('RUN ["/busybox"')) signal('SIGINT');
    },
  });
  assert.notEqual(ended.exitCode, 0);
  assert.deepEqual(
    readdirSync(scratch).filter((name) => /pipewright|buildah/.test(name)),
    [],
  );
});

test(
  'a containerised Python component is built from its source, and what was compiled for it runs',
  { skip: docker.skip },
  async () => {
    await using world = await cliWorld();
    const folder = join(world.folder, 'messages');
    cpSync(join(repositoryRoot, 'test/images/kfp-image'), folder, { recursive: true });
    const image = 'pipewright-test/messages';
    const built = await world.run(['component', 'build', folder, '--builder', 'docker', '--image', image]);
    assert.equal(built.exitCode, 0, built.stderr);
    const compiled = join(folder, 'component_metadata', 'concat_message.yaml');
    assert.match(readFileSync(compiled, 'utf8'), new RegExp(`image: ${image}`));
    assert.deepEqual(await runDocker(world, compiled, ['-p', 'message1=a', '-p', 'message2=b c']), { Output: 'ab c' });
    spawnSync('docker', ['rmi', '--force', image, /built (\S+)/.exec(built.stdout)![1]!]);
  },
);

const TYPESCRIPT = `import { component, int, pipeline } from 'pipewright';
const double = component({ name: 'double', inputs: { n: int }, outputs: { twice: int } }, ({ n }) => ({ twice: 2 * n }));
export default pipeline({ name: 'doubling', inputs: { n: int.default(4) } }, ({ n }) => ({ twice: double({ n }).outputs.twice }));
`;

test('a function component in TypeScript runs in a container of Node', { skip: node.skip }, async () => {
  await using world = await cliWorld();
  assert.deepEqual(await runDocker(world, await world.write('pipeline.ts', TYPESCRIPT)), { twice: 8 });
});

const C_PROGRAM = `#include <stdio.h>
int main(int count, char **words) {
  FILE *file = fopen(words[2], "w");
  if (!file) return 3;
  return fprintf(file, "%s!", words[1]) < 0;
}
`;
const C_COMPONENT =
  'name: Shout\ninputs: [{name: text, type: String}]\noutputs: [{name: shouted, type: String}]\nimplementation:\n  container:\n    args: [{inputValue: text}, {outputPath: shouted}]\n';

test(
  'a program in an image without anything else is a component; without an image it gets the one it is pushed to',
  { skip: skip || (isThere('gcc') ? false : 'no C compiler') },
  async () => {
    await using registry = await localRegistry();
    await using world = await cliWorld();
    const folder = join(world.folder, 'shout');
    write(folder, {
      'main.c': C_PROGRAM,
      'component.yaml': C_COMPONENT,
      'docker/Dockerfile': 'FROM scratch\nCOPY main /\nENTRYPOINT ["/main"]\n',
    });
    assert.equal(spawnSync('gcc', ['-static', '-o', join(folder, 'main'), join(folder, 'main.c')]).status, 0);
    const args = ['--dockerfile', join(folder, 'docker/Dockerfile'), '--push', `${registry.address}/shout`];
    const built = await world.run(['component', 'build', folder, '--builder', 'docker', ...args]);
    assert.equal(built.exitCode, 0, built.stderr);
    const pipeline = `import { pipeline, useComponent } from 'pipewright';
const shout = useComponent('shout/component.yaml');
export default pipeline({ name: 'shouting' }, () => ({ shouted: shout({ text: 'a b' }).get('shouted') }));
`;
    assert.deepEqual(await runDocker(world, await world.write('pipeline.ts', pipeline)), { shouted: 'a b!' });
  },
);

test('a Dockerfile from elsewhere is in no image, and ends with the stage that is asked for', { skip: docker.skip }, async () => {
  await using world = await cliWorld();
  const folder = join(world.folder, 'context');
  write(folder, { file: '', skipped: '', '.dockerignore': 'skipped\n' });
  const dockerfile = await world.write('Some.Dockerfile', 'FROM alpine AS one\nCOPY . /all\nFROM one\nRUN exit 1\n');
  const args = ['--dockerfile', dockerfile, '--target', 'one', '--image', 'pipewright-test/elsewhere', '--builder', 'docker'];
  const built = await world.run(['component', 'build', folder, ...args]);
  assert.equal(built.exitCode, 0, built.stderr);
  assert.equal(inContainer('pipewright-test/elsewhere', 'ls -A /all'), '.dockerignore\nfile\n');
  spawnSync('docker', ['rmi', '--force', 'pipewright-test/elsewhere', /built (\S+)/.exec(built.stdout)![1]!]);
});

test(
  'what only BuildKit understands is built by it, and its failures are told like those of others',
  { skip: docker.skip },
  async () => {
    await using world = await cliWorld();
    const folder = join(world.folder, 'kit');
    write(folder, { Dockerfile: 'FROM alpine\nRUN --mount=type=tmpfs,target=/scratch echo so far && cat /nowhere\n' });
    const failed = await world.run(['component', 'build', folder, '--image', 'pipewright-test/kit', '--builder', 'docker']);
    assert.equal(failed.exitCode, 2);
    assert.match(
      failed.stderr,
      /step 2\/2 \(RUN --mount=[^\n]*\) failed: [^\n]*exit code: 1\n {2}\| so far\n {2}\| cat: [^\n]*nowhere/,
    );
  },
);

test('two builds of a folder at once do not disturb each other', { skip }, async () => {
  await using registry = await localRegistry();
  await using world = await cliWorld();
  const folder = join(world.folder, 'twice');
  write(folder, {
    // Never built before: Docker has nothing of it in its cache.
    name: world.folder,
    Dockerfile: 'FROM alpine\nCOPY . /all\nRUN sleep 1\n',
    'component.yaml': 'name: c\nimplementation:\n  container: {image: c, command: [ls]}\n',
  });
  const build = () => world.run(['component', 'build', folder, '--builder', 'docker', '--push', `${registry.address}/twice`]);
  const both = await Promise.all([build(), build()]);
  for (const { exitCode, stderr } of both) assert.equal(exitCode, 0, stderr);
  assert(both.some(({ stdout }) => readFileSync(join(folder, 'component.yaml'), 'utf8').includes(pushedBy(stdout))));
});

test('a push that fails says what to do, and leaves the component as it was', { skip: docker.skip }, async () => {
  await using world = await cliWorld();
  const folder = join(world.folder, 'pushed');
  const component = 'name: c\nimplementation:\n  container: {image: c, command: [ls]}\n';
  write(folder, { Dockerfile: 'FROM scratch\nCOPY component.yaml /\n', 'component.yaml': component });
  const failed = await world.run(['component', 'build', folder, '--builder', 'docker', '--push', '127.0.0.1:1/pushed']);
  assert.equal(failed.exitCode, 2);
  assert.match(
    failed.stderr,
    /cannot push the image 127\.0\.0\.1:1\/pushed:sha-.*connection refused\ncheck the name of the registry/,
  );
  assert.equal(readFileSync(join(folder, 'component.yaml'), 'utf8'), component);
  spawnSync('docker', ['rmi', '--force', /built (\S+)/.exec(failed.stdout)![1]!]);
});
