import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Bench } from '../../../test/contract/executor-fixtures.ts';
import { noSmallDisk, SmallDisk } from '../../../test/support/small-disk.ts';
import { systemClock } from '../../base/clock.ts';
import { logFile } from '../../launcher/log-file.ts';
import { openProcessExecutor } from './process-executor.ts';

const ENGINE = fileURLToPath(new URL('../../../test/support/engine-to-be-killed.ts', import.meta.url));
const skip = noSmallDisk();
/** With names as long as theirs, what is to be written about them does not fit into blocks the journals have already. */
const STEPS = 48;
const LONG_RUN_ID = `run-${'x'.repeat(180)}`;

for (const kind of ['python', 'node'] as const) {
  const openOn = (disk: SmallDisk) =>
    Bench.open(
      (host) =>
        openProcessExecutor({ ...host, clock: systemClock, environment: { ...process.env, PIPEWRIGHT_FORKSERVER: kind } }),
      { dataDir: join(disk.folder, 'data') },
    );

  test(
    `process (${kind}): how steps end while the disk is full, and their engine is gone, is known when there is space again.`,
    { skip },
    async () => {
      using disk = new SmallDisk(16);
      // Of what the steps wait for and leave; not on the disk that is full.
      const outside = mkdtempSync(join(tmpdir(), 'pipewright-outside-'));
      const go = join(outside, 'go');
      try {
        const draft = await openOn(disk);
        const wait = `echo begun; until [ -e ${go} ]; do sleep 0.2; done; : > ${outside}/$$.ended; exit 7`;
        const steps = Array.from({ length: STEPS }, () => draft.step(wait, { runId: LONG_RUN_ID }));
        await draft.executor.stop();
        const engine = spawn(process.execPath, [ENGINE, draft.dataDir, kind], { stdio: ['pipe', 'ignore', 'inherit'] });
        engine.stdin.end(JSON.stringify(steps));
        for (const { attemptId } of steps) await draft.until(() => existsSync(logFile(draft.dataDir, attemptId)) || undefined);
        disk.fill();
        engine.kill('SIGKILL');
        await once(engine, 'exit');
        writeFileSync(go, '');
        await draft.until(() => readdirSync(outside).length === STEPS + 1 || undefined);
        await using after = await openOn(disk);
        for (const step of steps) after.executor.reattach(step);
        disk.empty();
        for (const { attemptId } of steps) {
          const { outcome } = await after.finished(attemptId);
          assert(outcome.kind === 'failed' && outcome.error.code === 7, JSON.stringify(outcome));
        }
      } finally {
        rmSync(outside, { recursive: true });
      }
    },
  );
}
