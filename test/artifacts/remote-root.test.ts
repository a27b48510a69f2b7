/** Pipelines whose root is in an object store, on the process executor: with `/s3` shown to the steps, and where it cannot be. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { request as httpRequest, createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { removeRun } from '../../src/app/remove-run.ts';
import { readPipeline } from '../../src/ir/read.ts';
import type { PipelineDocument } from '../../src/ir/spec.ts';
import { openPlatform, type Platform } from '../../src/start.ts';
import { cliWorld } from '../support/run-cli.ts';
import { S3_KEYS, startS3Server } from '../support/s3-server.ts';

const AWS = { AWS_ACCESS_KEY_ID: S3_KEYS.accessKeyId, AWS_SECRET_ACCESS_KEY: S3_KEYS.secretAccessKey };
Object.assign(process.env, AWS);
const server = await startS3Server();
after(() => server[Symbol.asyncDispose]());

const golden = (name: string): PipelineDocument =>
  readPipeline(readFileSync(new URL(`../golden/pipelines/${name}.yaml`, import.meta.url)), { fileName: `${name}.yaml` });

/** `write` makes a file artifact with this shell text (`$0` is its path), `read` prints its content and where it was found. */
function writeAndReadText(write: string): string {
  const artifacts = { out: { artifactType: { schemaTitle: 'system.Dataset', schemaVersion: '0.0.1' } } };
  const program = (script: string, path: string) => ({
    container: { image: 'busybox', command: ['sh', '-c', script], args: [path] },
  });
  return JSON.stringify({
    pipelineInfo: { name: 'remote' },
    schemaVersion: '2.1.0',
    root: {
      dag: {
        tasks: {
          write: { taskInfo: { name: 'write' }, componentRef: { name: 'comp-write' } },
          read: {
            taskInfo: { name: 'read' },
            componentRef: { name: 'comp-read' },
            dependentTasks: ['write'],
            inputs: { artifacts: { out: { taskOutputArtifact: { producerTask: 'write', outputArtifactKey: 'out' } } } },
          },
        },
      },
    },
    components: {
      'comp-write': { executorLabel: 'exec-write', outputDefinitions: { artifacts } },
      'comp-read': { executorLabel: 'exec-read', inputDefinitions: { artifacts } },
    },
    deploymentSpec: {
      executors: {
        'exec-write': program(write, "{{$.outputs.artifacts['out'].path}}"),
        'exec-read': program('echo "$0"; cat "$0"', "{{$.inputs.artifacts['out'].path}}"),
      },
    },
  });
}

const writeAndRead = (write: string): PipelineDocument => readPipeline(writeAndReadText(write), { fileName: 'remote.json' });

async function withPlatform(
  body: (platform: Platform) => Promise<void>,
  options: { readonly artifacts?: string; readonly dataDir?: string } = {},
) {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'pipewright-remote-')));
  try {
    await using platform = await openPlatform({
      dataDir,
      artifacts: options.artifacts ?? `s3://bucket/root?endpoint=${server.url}`,
    });
    await body(platform);
  } finally {
    if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function runToEnd({ engine }: Platform, document: PipelineDocument) {
  const { runId } = await engine.submit({ document });
  return await engine.wait(runId);
}

const logOf = ({ dataDir }: Platform, runId: string): string => {
  const folder = join(dataDir, 'logs', runId);
  return readdirSync(folder)
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('');
};

for (const mode of ['on', 'off']) {
  test(`steps of containers and of the SDK pass artifacts through an object store (mounts ${mode}).`, async () => {
    process.env['PIPEWRIGHT_MOUNTS'] = mode;
    await withPlatform(async (platform) => {
      for (const name of ['container-artifacts', 'artifact-collected', 'pythonic', 'paths']) {
        const run = await runToEnd(platform, golden(name));
        assert.equal(run.state, 'SUCCEEDED', `${name}: ${JSON.stringify(run.error)}`);
        const lineage = await platform.store.lineageOfRun(run.runId);
        for (const { artifactId, direction } of lineage) {
          const { uri = '', sizeBytes } = (await platform.store.getArtifact(artifactId)) ?? {};
          assert.match(uri, /^s3:\/\/bucket\/root\//, name);
          if (direction === 'output' && sizeBytes !== null) assert.equal(await platform.artifacts.exists(uri), true, uri);
        }
      }
    });
    delete process.env['PIPEWRIGHT_MOUNTS'];
  });
}

test('a step finds its input where KFP’s launcher puts it, and nothing of it stays behind.', async () => {
  await withPlatform(async (platform) => {
    const run = await runToEnd(platform, writeAndRead('printf content > "$0"'));
    assert.equal(run.state, 'SUCCEEDED', JSON.stringify(run.error));
    assert.match(logOf(platform, run.runId), /\/s3\/bucket\/root\/remote\/.*\/out\ncontent$/);
    const { dataDir } = platform;
    await platform.close();
    assert.deepEqual(readdirSync(join(dataDir, 'work')), []);
    assert.equal(existsSync('/s3'), false);
  });
});

test('a bucket that does not exist fails the step at once, with the next step in the message.', async () => {
  await withPlatform(
    async (platform) => {
      const run = await runToEnd(platform, writeAndRead('printf content > "$0"'));
      assert.equal(run.state, 'FAILED');
      const failed = (await platform.store.listTasks(run.runId)).find(({ key }) => key === 'write')!;
      assert.match(failed.error!.message, /there is no such bucket/);
      assert.equal(failed.attempts, 1);
    },
    { artifacts: `s3://nowhere/root?endpoint=${server.url}` },
  );
});

/** Stands before the store: passes requests on, unless `hold` says otherwise. */
async function proxy(
  hold: (method: string, url: string) => 'pass' | 'drop' | 'wait',
): Promise<{ readonly url: string; readonly http: Server }> {
  const target = new URL(server.url);
  const http = createServer((request, response) => {
    const decided = hold(request.method!, request.url!);
    if (decided === 'wait') return;
    if (decided === 'drop') return void request.socket.destroy();
    const passed = httpRequest({
      host: target.hostname,
      port: target.port,
      method: request.method,
      path: request.url,
      headers: request.headers,
    });
    passed.on('response', (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    });
    request.pipe(passed);
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  after(() => {
    http.closeAllConnections();
    http.close();
  });
  return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`, http };
}

test('an engine that is killed while it sends an output sends it again, and the step runs once.', async () => {
  let isHeld = true;
  const seen = Promise.withResolvers<void>();
  const { url } = await proxy((method) => {
    if (method !== 'PUT' || !isHeld) return 'pass';
    seen.resolve();
    return 'wait';
  });
  await using world = await cliWorld();
  const journal = join(world.folder, 'journal');
  const file = await world.write('pipeline.json', writeAndReadText(`echo ran >> ${journal}; printf content > "$0"`));
  const artifacts = `s3://bucket/killed?endpoint=${url}`;
  let kill = (_signal: NodeJS.Signals) => {};
  const args = ['local', file, '--data', 'data', '--artifacts', artifacts];
  const first = world.run(args, { env: AWS, onStarted: (signal) => (kill = signal) });
  const ended = await Promise.race([seen.promise, first]);
  assert.equal(ended, undefined, JSON.stringify(ended));
  kill('SIGKILL');
  await first;
  isHeld = false;
  await withPlatform(
    async (platform) => {
      const [unfinished] = await platform.store.listRuns({ limit: 1 });
      const run = await platform.engine.wait(unfinished!.runId);
      assert.equal(run.state, 'SUCCEEDED', JSON.stringify(run.error));
      assert.equal(readFileSync(journal, 'utf8'), 'ran\n');
      const [written] = (await platform.store.lineageOfRun(run.runId)).filter(({ direction }) => direction === 'output');
      const { uri } = (await platform.store.getArtifact(written!.artifactId))!;
      assert.equal(await text(await platform.artifacts.read(uri)), 'content');
    },
    { artifacts, dataDir: join(world.folder, 'data') },
  );
});

test('a store that goes away for a while delays a run; the step says what it waits for.', async () => {
  let dropped = 0;
  const { url } = await proxy((method) => (method === 'PUT' && dropped++ < 8 ? 'drop' : 'pass'));
  await withPlatform(
    async (platform) => {
      const run = await runToEnd(platform, writeAndRead('printf content > "$0"'));
      assert.equal(run.state, 'SUCCEEDED', JSON.stringify(run.error));
      const attempts = await platform.store.listAttempts(run.runId);
      const failed = attempts.filter(({ state }) => state === 'FAILED');
      assert.ok(failed.length > 0);
      for (const { error } of failed)
        assert.match(error!.message, /take .* over as the artifact s3:.*cannot be reached \(ECONNRESET\)/);
    },
    { artifacts: `s3://bucket/away?endpoint=${url}` },
  );
});

test('a run is canceled at once while an input is waited for.', async () => {
  const asked = Promise.withResolvers<void>();
  let isHeld = false;
  const { url } = await proxy((method) => {
    if (!isHeld || method === 'PUT') return 'pass';
    asked.resolve();
    return 'wait';
  });
  await withPlatform(
    async (platform) => {
      const { engine } = platform;
      const { runId } = await engine.submit({ document: writeAndRead('printf content > "$0"') });
      engine.subscribe(({ tasks }) => {
        if (tasks.some(({ key, state }) => key === 'write' && state === 'SUCCEEDED')) isHeld = true;
      });
      await asked.promise;
      await engine.cancel(runId, 'enough');
      assert.equal((await engine.wait(runId)).state, 'CANCELED');
    },
    { artifacts: `s3://bucket/canceled?endpoint=${url}` },
  );
});

test('a run that goes takes its objects with it, and only them.', async () => {
  await withPlatform(async (platform) => {
    const { engine, store, artifacts } = platform;
    const [gone, kept] = [
      await runToEnd(platform, writeAndRead('printf 1 > "$0"')),
      await runToEnd(platform, writeAndRead('printf 2 > "$0"')),
    ];
    const uriOf = async ({ runId }: { readonly runId: string }) => {
      const [written] = (await store.lineageOfRun(runId)).filter(({ direction }) => direction === 'output');
      return (await store.getArtifact(written!.artifactId))!.uri;
    };
    const [first, second] = [await uriOf(gone), await uriOf(kept)];
    const tools = {
      ...platform,
      catalogue: platform.catalogue(),
      retention: platform.retention(),
      settled: () => engine.settled(),
    };
    await removeRun(tools, gone.runId);
    assert.deepEqual([await artifacts.exists(first), await artifacts.exists(second)], [false, true]);
  });
});
