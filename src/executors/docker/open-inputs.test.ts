import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Bench, PLAIN, withArtifact } from '../../../test/contract/executor-fixtures.ts';
import { dockerForTests } from '../../../test/support/docker-for-tests.ts';
import { systemClock } from '../../base/clock.ts';
import { logFile } from '../../launcher/log-file.ts';
import { openDockerExecutor } from './docker-executor.ts';
import { openToAll } from './open-inputs.ts';

const { skip } = await dockerForTests(['alpine']);
const modeOf = (path: string) => (statSync(path).mode & 0o7777).toString(8);

test('what is opened to all can be read by them, and executed if anybody could; links are not followed.', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pipewright-open-'));
  try {
    const tree = join(folder, 'tree');
    mkdirSync(join(tree, 'in'), { recursive: true });
    for (const name of ['elsewhere', 'tree/data', 'tree/in/program']) writeFileSync(join(folder, name), 'x');
    symlinkSync(join(folder, 'elsewhere'), join(tree, 'link'));
    symlinkSync('/nowhere', join(tree, 'dangling'));
    for (const name of ['elsewhere', 'tree/data']) chmodSync(join(folder, name), 0o600);
    for (const name of ['tree/in/program', 'tree/in', 'tree']) chmodSync(join(folder, name), 0o700);
    await openToAll(tree);
    assert.deepEqual(
      ['elsewhere', 'tree', 'tree/in', 'tree/data', 'tree/in/program'].map((name) => modeOf(join(folder, name))),
      ['600', '755', '755', '644', '755'],
    );
    await openToAll(join(folder, 'gone'));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('docker: a step of another user reads what a step of root kept to itself, in any pipeline root.', { skip }, async () => {
  await using bench = await Bench.open((host) => openDockerExecutor({ ...host, clock: systemClock, killGraceMs: 300 }));
  const elsewhere = mkdtempSync(join(tmpdir(), 'pipewright-root-'));
  try {
    for (const root of [join(bench.dataDir, 'artifacts'), elsewhere]) {
      const make = bench.step('umask 077; mkdir "$0" && mkdir "$0/in" && echo kept > "$0/in/file"');
      const taskRoot = `${root}/pipeline/run/step/${make.taskUuid}`;
      const run = { ...make.run, pipelineRoot: root };
      const command = [...make.command, "{{$.outputs.artifacts['data'].path}}"];
      const { outcome } = await bench.run(withArtifact({ ...make, run, taskRoot, command }, 'data'));
      assert.equal(outcome.kind, 'succeeded', JSON.stringify(outcome));
      const artifact = { id: 'a', name: 'data', uri: `${taskRoot}/data`, type: { schemaTitle: 'system.Dataset' }, metadata: {} };
      const read = bench.step('', {
        run,
        command: ['sh', '-c', 'id -u; cat "$0/in/file"', "{{$.inputs.artifacts['data'].path}}"],
        inputs: { parameters: {}, artifacts: { data: [{ ...artifact, type: { ...artifact.type, schemaVersion: '0.0.1' } }] } },
        platform: { ...PLAIN, securityContext: { runAsUser: 12345 } },
      });
      await bench.run(read);
      assert.equal(readFileSync(logFile(bench.dataDir, read.attemptId), 'utf8'), '12345\nkept\n');
    }
  } finally {
    rmSync(elsewhere, { recursive: true });
  }
});
