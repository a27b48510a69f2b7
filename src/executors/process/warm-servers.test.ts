import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Bench, pythonCommand } from '../../../test/contract/executor-fixtures.ts';
import { systemClock, type Clock } from '../../base/clock.ts';
import { openProcessExecutor } from './process-executor.ts';

test('a warm interpreter that runs a step is not ended for being idle, and the step can still be cancelled.', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'pipewright-warm-'));
  const clock = new SteppedClock();
  const open = () => Bench.open((host) => openProcessExecutor({ ...host, clock, killGraceMs: 300 }), { dataDir });
  try {
    await using bench = await open();
    const script = (file: string) => [
      'def wait():',
      '    import os, time',
      `    open(${JSON.stringify(file)}, "w").write(str(os.getppid()))`,
      '    time.sleep(600)',
    ];
    const begun = join(dataDir, 'begun');
    const step = bench.step('', pythonCommand('wait', script(begun)));
    bench.executor.launch(step);
    await bench.until(() => (existsSync(begun) ? true : undefined));
    clock.step(11 * 60_000);
    bench.executor.cancel(step.attemptId);
    assert.deepEqual((await bench.finished(step.attemptId)).outcome, { kind: 'canceled' });
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});

/** Real time plus steps forward; what is due after a step is called at once. */
class SteppedClock implements Clock {
  #offsetMs = 0;
  #alarms: { readonly atMs: number; readonly callback: () => void; readonly stop: () => void }[] = [];

  now(): number {
    return systemClock.now() + this.#offsetMs;
  }

  at(atMs: number, callback: () => void): () => void {
    const fire = () => {
      this.#alarms = this.#alarms.filter((other) => other !== alarm);
      callback();
    };
    const alarm = { atMs, callback: fire, stop: systemClock.at(atMs - this.#offsetMs, fire) };
    this.#alarms.push(alarm);
    return () => {
      alarm.stop();
      this.#alarms = this.#alarms.filter((other) => other !== alarm);
    };
  }

  step(ms: number): void {
    this.#offsetMs += ms;
    for (const alarm of this.#alarms.filter(({ atMs }) => atMs <= this.now())) {
      alarm.stop();
      alarm.callback();
    }
  }
}
