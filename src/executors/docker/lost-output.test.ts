import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Bench } from '../../../test/contract/executor-fixtures.ts';
import { dockerForTests } from '../../../test/support/docker-for-tests.ts';
import { noPrivateDockerd, PrivateDockerd } from '../../../test/support/private-dockerd.ts';
import { noSmallDisk, SmallDisk } from '../../../test/support/small-disk.ts';
import { systemClock } from '../../base/clock.ts';
import { logFile } from '../../launcher/log-file.ts';
import { openDockerExecutor } from './docker-executor.ts';

const shared = await dockerForTests(['alpine']);
const skip = shared.skip || noPrivateDockerd() || noSmallDisk();

test('docker: output that the daemon cannot keep, since its disk is full, is said to be missing.', { skip }, async () => {
  using disk = new SmallDisk(128);
  await using dockerd = new PrivateDockerd();
  await dockerd.start({ dataRoot: disk.folder });
  await dockerd.load(shared.api, 'alpine');
  await using bench = await Bench.open((host) =>
    openDockerExecutor({ ...host, clock: systemClock, killGraceMs: 300, address: dockerd.address }),
  );
  const step = bench.step('echo begun; sleep 3; i=0; while [ $i -lt 2000 ]; do echo "line $i of what is lost"; i=$((i+1)); done');
  bench.executor.launch(step);
  const log = logFile(bench.dataDir, step.attemptId);
  await bench.until(() => (existsSync(log) && /begun/.test(readFileSync(log, 'utf8')) ? true : undefined));
  disk.fill();
  const { outcome } = await bench.finished(step.attemptId);
  assert.equal(outcome.kind, 'succeeded', JSON.stringify(outcome));
  const written = readFileSync(log, 'utf8');
  // What there is, is the step's own.
  assert.match(written, /^begun\n(line \d+ of what is lost\n)*$/);
  assert(!written.includes('line 1999 '));
  const notes = bench.observations.filter((seen) => seen.kind === 'note' && seen.severity === 'warning');
  assert.match(JSON.stringify(notes), /the log (may be|is) incomplete/);
  disk.empty();
});
