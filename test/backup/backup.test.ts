/** A data folder is backed up while a run is in the middle, and goes on where the backup is restored. */
import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { create } from 'tar';
import { ProductError } from '../../src/base/errors.ts';
import { openSecretStore } from '../../src/executors/local-secrets.ts';
import { readPipeline } from '../../src/ir/read.ts';
import { backUp, collectGarbage, restore } from '../../src/start-backup.ts';
import { openPlatform, type Platform } from '../../src/start.ts';
import { readRetention } from '../../src/app/retention-policy.ts';

const TYPE = { artifactType: { schemaTitle: 'system.Dataset', schemaVersion: '0.0.1' } };

/** `make` writes an artifact; `use` waits for the file `go`, then reads it into `result`. */
function pipeline(folder: string) {
  const container = (script: string, args: readonly string[]) => ({
    container: { image: 'busybox', command: ['sh', '-c', script], args },
  });
  return readPipeline(
    JSON.stringify({
      pipelineInfo: { name: 'in-the-middle' },
      schemaVersion: '2.1.0',
      root: {
        dag: {
          tasks: {
            make: { taskInfo: { name: 'make' }, componentRef: { name: 'comp-make' }, cachingOptions: { enableCache: true } },
            use: {
              taskInfo: { name: 'use' },
              componentRef: { name: 'comp-use' },
              dependentTasks: ['make'],
              inputs: { artifacts: { in: { taskOutputArtifact: { producerTask: 'make', outputArtifactKey: 'out' } } } },
            },
          },
        },
      },
      components: {
        'comp-make': { executorLabel: 'exec-make', outputDefinitions: { artifacts: { out: TYPE } } },
        'comp-use': { executorLabel: 'exec-use', inputDefinitions: { artifacts: { in: TYPE } } },
      },
      deploymentSpec: {
        executors: {
          'exec-make': container(`echo made >> ${folder}/journal; printf content > "$0"`, [
            "{{$.outputs.artifacts['out'].path}}",
          ]),
          'exec-use': container(
            `echo using; until [ -e ${folder}/go ]; do sleep 0.02; done; echo "$0" > ${folder}/path; cat "$0" >> ${folder}/result`,
            ["{{$.inputs.artifacts['in'].path}}"],
          ),
        },
      },
    }),
    { fileName: 'pipeline.json' },
  );
}

async function withFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'pipewright-backup-'));
  try {
    await body(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function untilUsing({ dataDir }: Platform, runId: string): Promise<void> {
  const isUsing = () => {
    const logs = join(dataDir, 'logs', runId);
    return existsSync(logs) && readdirSync(logs).some((file) => readFileSync(join(logs, file), 'utf8').includes('using'));
  };
  while (!isUsing()) await new Promise((resolve) => setTimeout(resolve, 10));
}

for (const name of ['backup.tar.gz', 'backup']) {
  test(`a run that is in the middle goes on after its data folder was restored elsewhere (${name}).`, () =>
    withFolder(async (folder) => {
      const [dataDir, moved] = [join(folder, 'data'), join(folder, 'elsewhere', 'data')];
      const document = pipeline(folder);
      let runId: string;
      {
        await using platform = await openPlatform({ dataDir });
        ({ runId } = await platform.engine.submit({ document }));
        await untilUsing(platform, runId);
        await backUp({ dataDir, target: join(folder, name) });
        await platform.close({ cancelRunning: true });
      }
      rmSync(dataDir, { recursive: true });
      await restore({ source: join(folder, name), dataDir: moved });
      writeFileSync(join(folder, 'go'), '');
      await using platform = await openPlatform({ dataDir: moved });
      const run = await platform.engine.wait(runId);
      assert.equal(run.state, 'SUCCEEDED', JSON.stringify(run.error));
      assert.equal(readFileSync(join(folder, 'result'), 'utf8'), 'content');
      assert.ok(readFileSync(join(folder, 'path'), 'utf8').startsWith(`${moved}/artifacts/`));
      assert.equal(readFileSync(join(folder, 'journal'), 'utf8'), 'made\n', 'what had succeeded did not run again');
      const again = await platform.engine.wait((await platform.engine.submit({ document })).runId);
      assert.equal((await platform.store.listTasks(again.runId)).find(({ key }) => key === 'make')?.state, 'CACHED');
    }));
}

const refusal = (code: string, pattern: RegExp) => (error: unknown) =>
  error instanceof ProductError && error.code === code && pattern.test(`${error.message} ${error.hint}`);

/** A data folder with a finished run, a secret and a link. */
async function finished(folder: string): Promise<string> {
  const dataDir = join(folder, 'data');
  writeFileSync(join(folder, 'go'), '');
  await using platform = await openPlatform({ dataDir });
  await platform.engine.wait((await platform.engine.submit({ document: pipeline(folder) })).runId);
  await openSecretStore(dataDir).create('secret', 'db', { password: 'swordfish' });
  symlinkSync('nowhere', join(dataDir, 'artifacts', 'link'));
  return dataDir;
}

test('secrets are part of a backup only when that is asked for.', () =>
  withFolder(async (folder) => {
    const dataDir = await finished(folder);
    await backUp({ dataDir, target: join(folder, 'without') });
    await backUp({ dataDir, target: join(folder, 'with.tgz'), withSecrets: true });
    assert.equal(existsSync(join(folder, 'without', 'secrets')), false);
    await restore({ source: join(folder, 'with.tgz'), dataDir: join(folder, 'restored') });
    assert.deepEqual(await openSecretStore(join(folder, 'restored')).read('secret', 'db'), { password: 'swordfish' });
    assert.deepEqual(
      readdirSync(dataDir).filter((file) => file.startsWith('.')),
      [],
      'nothing stays in the data folder',
    );
  }));

test('a backup that is damaged, incomplete, foreign or newer is refused, and nothing is left of it.', () =>
  withFolder(async (folder) => {
    const dataDir = await finished(folder);
    const to = join(folder, 'restored');
    await backUp({ dataDir, target: join(folder, 'backup') });
    const manifestFile = join(folder, 'backup', 'manifest.json');
    const manifest = JSON.parse(readFileSync(manifestFile, 'utf8')) as { files: { path: string }[]; format: number };
    const refused = async (source: string, code: string, pattern: RegExp) => {
      await assert.rejects(restore({ source, dataDir: to }), refusal(code, pattern));
      assert.deepEqual(existsSync(to) ? readdirSync(to) : [], []);
    };
    const log = manifest.files.find(({ path }) => path.startsWith('logs/'))!.path;
    writeFileSync(join(folder, 'backup', log), 'other');
    await refused(join(folder, 'backup'), 'INVALID_ARGUMENTS', new RegExp(`damaged: ${log}`));
    for (const path of ['../outside', '/etc/passwd', 'a/../../b', '']) {
      writeFileSync(manifestFile, JSON.stringify({ ...manifest, files: [{ path, bytes: 0, sha256: '' }] }));
      await refused(join(folder, 'backup'), 'INVALID_ARGUMENTS', /is not a backup/);
    }
    writeFileSync(manifestFile, JSON.stringify({ ...manifest, format: 2 }));
    await refused(join(folder, 'backup'), 'UNSUPPORTED', /newer version/);
    writeFileSync(manifestFile, '{');
    await refused(join(folder, 'backup'), 'INVALID_ARGUMENTS', /is not a backup/);
    await refused(join(folder, 'data'), 'INVALID_ARGUMENTS', /is not a backup/);
    await refused(join(folder, 'nothing'), 'NOT_FOUND', /no backup at/);
    await backUp({ dataDir, target: join(folder, 'whole.tar.gz') });
    truncateSync(join(folder, 'whole.tar.gz'), 2_000);
    await refused(join(folder, 'whole.tar.gz'), 'INVALID_ARGUMENTS', /cannot be unpacked|damaged|is not a backup/);
    writeFileSync(join(folder, 'text.tar.gz'), 'hello');
    await refused(join(folder, 'text.tar.gz'), 'INVALID_ARGUMENTS', /cannot be unpacked|is not a backup/);
  }));

test('an archive made to write elsewhere writes nothing there.', () =>
  withFolder(async (folder) => {
    mkdirSync(join(folder, 'in', 'sub'), { recursive: true });
    writeFileSync(join(folder, 'in', 'evil'), 'evil');
    symlinkSync(folder, join(folder, 'in', 'sub', 'out'));
    await create({ file: join(folder, 'trap.tar.gz'), gzip: true, cwd: join(folder, 'in', 'sub'), preservePaths: true }, [
      '../evil',
      'out',
    ]);
    await assert.rejects(restore({ source: join(folder, 'trap.tar.gz'), dataDir: join(folder, 'restored') }), ProductError);
    assert.deepEqual(readdirSync(join(folder, 'restored')), []);
    assert.equal(existsSync(join(folder, 'evil')), false);
  }));

test('what is there is not overwritten: neither a backup nor a data folder.', () =>
  withFolder(async (folder) => {
    const dataDir = await finished(folder);
    await backUp({ dataDir, target: join(folder, 'backup') });
    await assert.rejects(backUp({ dataDir, target: join(folder, 'backup') }), refusal('ALREADY_EXISTS', /something at/));
    await assert.rejects(restore({ source: join(folder, 'backup'), dataDir }), refusal('CONFLICT', /not empty/));
    await assert.rejects(
      backUp({ dataDir: join(folder, 'nowhere'), target: join(folder, 'b2') }),
      refusal('NOT_FOUND', /no database/),
    );
    assert.equal(existsSync(join(folder, 'b2')), false);
  }));

test('old runs are removed by a command, though not while a server works on the folder.', () =>
  withFolder(async (folder) => {
    const dataDir = await finished(folder);
    const policies = readRetention(['runs=0s']);
    {
      await using _platform = await openPlatform({ dataDir });
      await assert.rejects(collectGarbage({ dataDir, policies }), refusal('CONFLICT', /a server works on/));
      assert.equal((await collectGarbage({ dataDir, policies, isDryRun: true })).runs, 1);
    }
    assert.equal((await collectGarbage({ dataDir, policies })).runs, 1);
    assert.equal((await collectGarbage({ dataDir, policies })).runs, 0);
  }));
