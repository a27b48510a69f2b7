import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chownSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openDockerApi } from '../../src/docker/docker-api.ts';
import { dockerForTests } from '../support/docker-for-tests.ts';
import { cliWorld } from '../support/run-cli.ts';
import { repositoryRoot } from '../support/source-files.ts';
import { stepPipeline } from '../support/step-pipeline.ts';

const UID = 54_321;
const docker = await dockerForTests(['busybox']);
const socket = docker.api.address.replace('unix://', '');
/** As in the group `docker`: the socket's group may use it. */
const user = { uid: UID, gid: docker.skip ? 0 : (statSync(socket, { throwIfNoEntry: false })?.gid ?? 0) };
const skip = docker.skip || whyNot();

function whyNot(): string | false {
  if (process.getuid?.() !== 0) return 'only root can run the server as another user';
  if (user.gid === 0) return 'the Docker daemon listens nowhere that a group may use';
  const program = join(repositoryRoot, 'bin/pipewright.js');
  const seen = spawnSync(process.execPath, [program, '--version'], user);
  return seen.status === 0 ? false : 'another user cannot read this folder';
}

const WRITE = 'id -u; echo text > "$0"; mkdir -p "$1/closed"; echo x > "$1/closed/file"; chmod 700 "$1/closed"; mkdir -m 700 own';
const step = {
  sh: WRITE,
  args: ["{{$.outputs.parameters['out'].output_file}}", "{{$.outputs.artifacts['data'].path}}"],
  outputs: ['out'],
};

/** Steps that write the same, each as a user of its own. */
function pipeline(image: string): string {
  const spec = stepPipeline({ steps: { plain: step, root: step, other: step, image: step } }) as unknown as {
    readonly components: Record<string, { readonly outputDefinitions: Record<string, unknown> }>;
    readonly deploymentSpec: { readonly executors: Record<string, { readonly container: { image: string } }> };
  };
  const data = { artifactType: { schemaTitle: 'system.Dataset', schemaVersion: '0.0.1' } };
  for (const component of Object.values(spec.components)) component.outputDefinitions['artifacts'] = { data };
  spec.deploymentSpec.executors['exec-image']!.container.image = image;
  const executors = { 'exec-root': as('0'), 'exec-other': as('1234') };
  return `${JSON.stringify(spec)}\n---\n${JSON.stringify({ platforms: { kubernetes: { deploymentSpec: { executors } } } })}\n`;
}

const as = (runAsUser: string) => ({ securityContext: { runAsUser } });

test('docker: a server that is not root can keep and remove what steps of any user wrote.', { skip }, async () => {
  await using world = await cliWorld();
  chownSync(world.folder, user.uid, user.gid);
  await using image = await imageOfUser('4321');
  const file = await world.write('pipeline.yaml', pipeline(image.name));
  const run = ['local', file, '--executor', 'docker', '--data', 'data', '--json'];
  const result = await world.run(run, { user, env: { HOME: world.folder } });
  assert.equal(result.exitCode, 0, result.stdout + result.stderr);
  const data = join(world.folder, 'data');
  const entries = readdirSync(data, { recursive: true, encoding: 'utf8' });
  assert.equal(entries.filter((path) => path.endsWith('closed/file')).length, 4);
  assert.deepEqual(
    entries.filter((path) => statSync(join(data, path)).uid !== UID),
    [],
  );
  assert.deepEqual(readdirSync(join(data, 'docker')), []);
});

/** The busybox there is, with a user. */
async function imageOfUser(uid: string): Promise<AsyncDisposable & { readonly name: string }> {
  const api = openDockerApi(docker.api.address);
  const name = `pipewright-test/user-${process.pid}`;
  const { Id } = (await api.call('POST', '/containers/create', { body: { Image: 'busybox' } })) as { readonly Id: string };
  const query = { container: Id, repo: name, tag: 'latest', changes: `USER ${uid}\nWORKDIR /tmp` };
  await api.call('POST', '/commit', { query });
  await api.call('DELETE', `/containers/${Id}`);
  return {
    name,
    async [Symbol.asyncDispose]() {
      await api.call('DELETE', `/images/${name}`, { query: { force: true } });
      api.close();
    },
  };
}
