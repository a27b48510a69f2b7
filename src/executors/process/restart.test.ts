import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { Bench, pythonCommand, withArtifact } from '../../../test/contract/executor-fixtures.ts';
import type { Finished } from '../../../test/contract/executor-fixtures.ts';
import { systemClock } from '../../base/clock.ts';
import type { TaskLaunch } from '../executor.ts';
import { isProcessAlive } from './host-process.ts';
import { parseRecord } from './journal-records.ts';
import { openProcessExecutor } from './process-executor.ts';

const ENGINE = fileURLToPath(new URL('../../../test/support/engine-to-be-killed.ts', import.meta.url));

for (const kind of ['python', 'node']) restartTests(kind);

function restartTests(kind: string): void {
  const openIn = (dataDir: string) =>
    Bench.open(
      (host) =>
        openProcessExecutor({
          ...host,
          clock: systemClock,
          killGraceMs: 300,
          environment: { ...process.env, PIPEWRIGHT_FORKSERVER: kind },
        }),
      { dataDir },
    );

  test(`process (${kind}): a step that runs while the engine is killed is adopted, and its outputs are collected.`, async () => {
    await using scene = await Scene.open(openIn);
    const step = scene.stepWriting('echo begun; until [ -e "$1" ]; do sleep 0.02; done; echo 42 > "$0"', 'go');
    const engine = scene.startEngine(kind, [step]);
    await scene.bench.until(() => (readOr(scene.logOf(step)) === 'begun\n' ? true : undefined));
    await engine.kill();
    await using after = await openIn(scene.dataDir);
    after.executor.reattach(step);
    scene.touch('go');
    assert.deepEqual(outputOf(await after.finished(step.attemptId)), { n: 42 });
    assert.equal(readOr(scene.logOf(step)), 'begun\n');
  });

  test(`process (${kind}): a Python component in a warm interpreter is adopted as well.`, async () => {
    await using scene = await Scene.open(openIn);
    const step = scene.bench.step('', {
      ...pythonCommand('wait', [
        'def wait(go: str) -> int:',
        '    import os, time',
        '    print("begun")',
        '    while not os.path.exists(go):',
        '        time.sleep(0.02)',
        '    return 42',
      ]),
      inputs: { parameters: { go: join(scene.dataDir, 'go') }, artifacts: {} },
      outputs: { parameters: { Output: 'NUMBER_INTEGER' }, artifacts: {} },
    });
    const engine = scene.startEngine(kind, [step]);
    await scene.bench.until(() => (/^begun$/m.test(readOr(scene.logOf(step))) ? true : undefined));
    await engine.kill();
    await using after = await openIn(scene.dataDir);
    after.executor.reattach(step);
    scene.touch('go');
    assert.deepEqual(outputOf(await after.finished(step.attemptId)), { Output: 42 });
  });

  test(`process (${kind}): a step that ends while no engine runs is collected.`, async () => {
    await using scene = await Scene.open(openIn);
    const good = scene.stepWriting('echo 42 > "$0"; sleep 0.3', 'x');
    const bad = scene.bench.step('sleep 0.3; exit 3');
    const engine = scene.startEngine(kind, [good, bad]);
    await scene.bench.until(() => (existsSync(scene.logOf(bad)) && existsSync(scene.logOf(good)) ? true : undefined));
    await engine.kill();
    await scene.bench.until(() => (scene.journalText().match(/"x"/g)?.length === 2 ? true : undefined));
    await using after = await openIn(scene.dataDir);
    for (const step of [good, bad]) after.executor.reattach(step);
    assert.deepEqual(outputOf(await after.finished(good.attemptId)), { n: 42 });
    const { outcome, startedAtMs, endedAtMs } = await after.finished(bad.attemptId);
    assert.ok(outcome.kind === 'failed' && outcome.error.code === 3 && endedAtMs - startedAtMs >= 250);
  });

  test(`process (${kind}): whenever the engine is killed, every step runs once.`, async () => {
    await using scene = await Scene.open(openIn);
    const steps = Array.from({ length: 60 }, () => scene.bench.step('echo ran'));
    const engine = scene.startEngine(kind, steps);
    await scene.bench.until(() => (scene.journalText().includes('"s"') ? true : undefined));
    await engine.kill();
    await using after = await openIn(scene.dataDir);
    for (const step of steps) after.executor.reattach(step);
    for (const step of steps) {
      assert.equal((await after.finished(step.attemptId)).outcome.kind, 'succeeded');
      assert.equal(readOr(scene.logOf(step)), 'ran\n');
    }
    assert.equal(after.observations.length, steps.length);
  });

  test(`process (${kind}): an adopted step can be cancelled, and is ended with all it started.`, async () => {
    await using scene = await Scene.open(openIn);
    const step = scene.bench.step('sleep 600 & echo $!; sleep 600');
    const engine = scene.startEngine(kind, [step]);
    const child = Number(await scene.bench.until(() => readOr(scene.logOf(step)) || undefined));
    await engine.kill();
    await using after = await openIn(scene.dataDir);
    after.executor.reattach(step);
    after.executor.cancel(step.attemptId);
    assert.deepEqual((await after.finished(step.attemptId)).outcome, { kind: 'canceled' });
    await after.until(() => (isProcessAlive(child, 0) ? undefined : true));
  });

  test(`process (${kind}): a time limit holds while no engine runs.`, async () => {
    await using scene = await Scene.open(openIn);
    const step = scene.bench.step('sleep 600', { timeoutMs: 500 });
    const engine = scene.startEngine(kind, [step]);
    await scene.bench.until(() => (existsSync(scene.logOf(step)) ? true : undefined));
    await engine.kill();
    await scene.bench.until(() => (scene.journalText().includes('"timeout"') ? true : undefined));
    await using after = await openIn(scene.dataDir);
    after.executor.reattach(step);
    const { outcome } = await after.finished(step.attemptId);
    assert.ok(outcome.kind === 'failed' && outcome.error.cause === 'timeout');
  });

  test(`process (${kind}): if its fork-server is killed as well, a step is ended and fails as a fault of ours.`, async () => {
    await using scene = await Scene.open(openIn);
    const step = scene.bench.step('echo $$; sleep 600');
    const engine = scene.startEngine(kind, [step]);
    const pid = Number(await scene.bench.until(() => readOr(scene.logOf(step)) || undefined));
    await engine.kill();
    await scene.killServers();
    await using after = await openIn(scene.dataDir);
    after.executor.reattach(step);
    const { outcome } = await after.finished(step.attemptId);
    assert.ok(outcome.kind === 'failed' && outcome.error.cause === 'system');
    assert.equal(isProcessAlive(pid, 0), false);
  });

  test(`process (${kind}): a fork-server that is killed is replaced; its step fails as a fault of ours, and the next one runs.`, async () => {
    await using scene = await Scene.open(openIn);
    const { bench } = scene;
    const step = bench.step('echo $$; sleep 600');
    bench.executor.launch(step);
    const pid = Number(await bench.until(() => readOr(scene.logOf(step)) || undefined));
    await scene.killServers();
    const { outcome } = await bench.finished(step.attemptId);
    assert.ok(outcome.kind === 'failed' && outcome.error.cause === 'system');
    assert.equal(isProcessAlive(pid, 0), false);
    assert.equal((await bench.run(bench.step('true'))).outcome.kind, 'succeeded');
  });

  test(`process (${kind}): a step goes on when its engine stops in order, and the next engine adopts it.`, async () => {
    await using scene = await Scene.open(openIn);
    const first = await openIn(scene.dataDir);
    const step = scene.stepWriting('echo begun; until [ -e "$1" ]; do sleep 0.02; done; echo 42 > "$0"', 'go');
    first.executor.launch(step);
    await scene.bench.until(() => (readOr(scene.logOf(step)) === 'begun\n' ? true : undefined));
    await first.executor.stop();
    await using after = await openIn(scene.dataDir);
    after.executor.reattach(step);
    scene.touch('go');
    assert.deepEqual(outputOf(await after.finished(step.attemptId)), { n: 42 });
    assert.equal(first.observations.length, 0);
  });

  test(`process (${kind}): an end the engine was told but has not recorded is told to the next engine in the same way.`, async () => {
    await using scene = await Scene.open(openIn);
    const made = scene.stepWriting(
      'echo 42 > "$0"; echo own > made; echo \'{"artifacts": {"data": {"artifacts": [{"custom_path": "made"}]}}}\' > "$2"',
      'x',
    );
    const step = withArtifact({ ...made, command: [...made.command, '{{$.outputs.output_file}}'] }, 'data');
    const engine = scene.startEngine(kind, [step]);
    await engine.saysFinished();
    await engine.kill();
    await using after = await openIn(scene.dataDir);
    after.executor.reattach(step);
    const finished = await after.finished(step.attemptId);
    assert.deepEqual(outputOf(finished), { n: 42 });
    assert.equal(readOr(step.outputs.artifacts['data']!.uri), 'own\n');
  });

  test(`process (${kind}): a claim whose server died before it noted the start is a fault of ours.`, async () => {
    await using scene = await Scene.open(openIn);
    const step = scene.bench.step('echo ran');
    mkdirSync(join(scene.dataDir, 'logs/run'), { recursive: true });
    writeFileSync(scene.logOf(step), '');
    scene.bench.executor.reattach(step);
    const { outcome } = await scene.bench.finished(step.attemptId);
    assert.ok(outcome.kind === 'failed' && outcome.error.cause === 'system');
    assert.equal(readOr(scene.logOf(step)), '');
  });

  test(`process (${kind}): of two engines that are given the same steps, one runs each, and both see its end.`, async () => {
    await using scene = await Scene.open(openIn);
    await using other = await openIn(scene.dataDir);
    const steps = Array.from({ length: 50 }, () => scene.bench.step('echo ran'));
    for (const step of steps) {
      scene.bench.executor.launch(step);
      other.executor.launch(step);
    }
    for (const step of steps) {
      for (const bench of [scene.bench, other]) assert.equal((await bench.finished(step.attemptId)).outcome.kind, 'succeeded');
      assert.equal(readOr(scene.logOf(step)), 'ran\n');
    }
  });
}

/** A data folder with an executor on it that makes the steps, and engines that are started to be killed. */
class Scene implements AsyncDisposable {
  readonly dataDir: string;
  readonly bench: Bench;

  private constructor(dataDir: string, bench: Bench) {
    this.dataDir = dataDir;
    this.bench = bench;
  }

  static async open(openIn: (dataDir: string) => Promise<Bench>): Promise<Scene> {
    const dataDir = mkdtempSync(join(tmpdir(), 'pipewright-restart-'));
    return new Scene(dataDir, await openIn(dataDir));
  }

  /** A step whose script finds its parameter file as $0 and a path in the data folder as $1. */
  stepWriting(script: string, path: string): TaskLaunch {
    return this.bench.step('', {
      command: ['sh', '-c', script, "{{$.outputs.parameters['n'].output_file}}", join(this.dataDir, path)],
      outputs: { parameters: { n: 'NUMBER_INTEGER' }, artifacts: {} },
    });
  }

  startEngine(kind: string, steps: readonly TaskLaunch[]): { kill(): Promise<void>; saysFinished(): Promise<void> } {
    const engine = spawn(process.execPath, [ENGINE, this.dataDir, kind], { stdio: ['pipe', 'pipe', 'inherit'] });
    let said = '';
    engine.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
    const ended = new Promise<void>((resolve) => engine.once('close', () => resolve()));
    engine.stdin.end(JSON.stringify(steps));
    return {
      async kill() {
        engine.kill('SIGKILL');
        await ended;
      },
      saysFinished: async () => void (await this.bench.until(() => (said.includes('"finished"') ? true : undefined))),
    };
  }

  logOf({ attemptId }: TaskLaunch): string {
    return join(this.dataDir, 'logs', 'run', `${attemptId.slice('run.'.length)}.log`);
  }

  touch(path: string): void {
    writeFileSync(join(this.dataDir, path), '');
  }

  journalText(): string {
    const folder = join(this.dataDir, 'process');
    return readdirSync(folder)
      .filter((name) => name.endsWith('.journal'))
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('');
  }

  /** Of the servers that have started a step. */
  /** Kills the servers that run steps. A step prints before the journal says that it was started. */
  async killServers(): Promise<void> {
    const pids = await this.bench.until(() => (this.#serverPids().length > 0 ? this.#serverPids() : undefined));
    for (const pid of pids) process.kill(pid, 'SIGKILL');
  }

  #serverPids(): number[] {
    const pids: number[] = [];
    const folder = join(this.dataDir, 'process');
    for (const name of readdirSync(folder).filter((file) => file.endsWith('.journal'))) {
      const records = readFileSync(join(folder, name), 'utf8').split('\n').map(parseRecord);
      const [server] = records;
      if (server?.kind === 'server' && records.some((record) => record?.kind === 'started')) pids.push(server.pid);
    }
    return pids;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.bench[Symbol.asyncDispose]();
    rmSync(this.dataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  }
}

function readOr(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

function outputOf({ outcome }: Finished): unknown {
  assert.equal(outcome.kind, 'succeeded', JSON.stringify(outcome));
  return outcome.kind === 'succeeded' && outcome.outputs.parameters;
}
