import assert from 'node:assert/strict';
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Bench, pythonCommand, withArtifact, workFiles } from '../../../test/contract/executor-fixtures.ts';
import { systemClock } from '../../base/clock.ts';
import { logFile, readLogTail } from '../../launcher/log-file.ts';
import type { TaskLaunch } from '../executor.ts';
import { openProcessExecutor } from './process-executor.ts';

for (const kind of ['python', 'node']) {
  const open = (environment: Readonly<Record<string, string>> = {}) =>
    Bench.open((host) =>
      openProcessExecutor({
        ...host,
        clock: systemClock,
        killGraceMs: 300,
        environment: { ...process.env, ...environment, PIPEWRIGHT_FORKSERVER: kind },
      }),
    );

  test(`process (${kind}): a program that cannot be started fails the step with what to do about it.`, async () => {
    await using bench = await open();
    const plain = join(bench.dataDir, 'plain');
    writeFileSync(plain, 'no program');
    const text = join(bench.dataDir, 'text');
    writeFileSync(text, 'no format');
    chmodSync(text, 0o755);
    const cases: readonly (readonly [Partial<TaskLaunch>, RegExp, RegExp])[] = [
      [
        { image: 'acme/tool:1', command: ['acme-tool'] },
        /"acme-tool" was not found .* image "acme\/tool:1"/,
        /--executor docker/,
      ],
      [{ command: [join(bench.dataDir, 'absent')] }, /absent" was not found/, /--executor docker/],
      [{ command: [plain] }, /permission denied/, /chmod/],
      [
        {
          inputs: {
            parameters: {},
            artifacts: { model: [{ id: 'm', name: 'm', uri: 'oci://acme/model:1', type: {}, metadata: {} }] },
          },
        },
        /reads the model image oci:\/\/acme\/model:1/,
        /--executor docker/,
      ],
      [{ image: 'acme/entry', command: [] }, /no command .* entry point of the image "acme\/entry"/, /docker/],
      [{ command: ['cat', 'x'.repeat(200_000)] }, /argument 1 of "cat" has 200000 bytes/, /artifacts/],
      [
        { command: ['true', '{{$}}'], taskRoot: 's3://bucket/p/run/step/uuid' },
        /outputs cannot be written to s3:\/\/bucket\/p\/run\/step\/uuid/,
        /local path/,
      ],
      // The Node fork-server runs it with the shell, as execvp does.
      ...(kind === 'python' ? ([[{ command: [text] }, /not in a format/, /#!\/bin\/sh/]] as const) : []),
    ];
    for (const [changes, message, hint] of cases) {
      const { outcome } = await bench.run(bench.step('', changes));
      assert.ok(outcome.kind === 'failed' && outcome.error.cause === 'input', JSON.stringify(outcome));
      assert.match(outcome.error.message, message);
      assert.match(outcome.error.hint ?? '', hint);
    }
    await bench.until(() => (workFiles(bench).length === 0 ? true : undefined));
  });

  test(`process (${kind}): the server's environment stays with the server, but for what programs need.`, async () => {
    await using bench = await open({ DATABASE_PASSWORD: 'swordfish', HTTPS_PROXY: 'http://proxy:1' });
    const step = bench.step('env');
    await bench.run(step);
    const log = readFileSync(logFile(bench.dataDir, step.attemptId), 'utf8');
    assert.doesNotMatch(log, /swordfish|PIPEWRIGHT_FORKSERVER/);
    assert.match(log, /^HTTPS_PROXY=http:\/\/proxy:1$/m);
    assert.match(log, new RegExp(`^TMPDIR=${join(bench.dataDir, 'work', step.attemptId)}$`, 'm'));
  });

  test(`process (${kind}): fifty megabytes of log are kept, and their end is read without the rest.`, async () => {
    await using bench = await open();
    const step = bench.step('head -c 52428800 /dev/zero | tr "\\0" "a"; echo; echo the end; exit 1');
    const { outcome } = await bench.run(step);
    assert.ok(outcome.kind === 'failed' && outcome.error.message.endsWith('\nthe end'));
    const log = logFile(bench.dataDir, step.attemptId);
    assert.equal(statSync(log).size, 52_428_800 + 9);
    assert.equal(await readLogTail(log, 8), 'the end\n');
  });

  test(`process (${kind}): a plain step leaves a log and nothing else.`, async () => {
    await using bench = await open();
    await bench.run(bench.step('true'));
    assert.deepEqual(workFiles(bench), []);
    assert.equal(readdirSync(bench.dataDir).includes('artifacts'), false);
  });

  test(`process (${kind}): silent and talking steps in turn have each the log that is theirs, and only that.`, async () => {
    await using bench = await open();
    const steps = Array.from({ length: 30 }, (_, index) => bench.step(index % 3 === 0 ? `echo step ${index}` : 'true'));
    for (const step of steps) await bench.run(step);
    const logs = steps.map(({ attemptId }) => readFileSync(logFile(bench.dataDir, attemptId), 'utf8'));
    assert.deepEqual(
      logs,
      steps.map((_, index) => (index % 3 === 0 ? `step ${index}\n` : '')),
    );
  });

  test(`process (${kind}): a long parameter reaches a shell step.`, async () => {
    await using bench = await open();
    const value = 'x'.repeat(300_000);
    const step = bench.step('', {
      command: [
        'sh',
        '-c',
        'printf %s "$0" > "$1"',
        "{{$.inputs.parameters['text']}}",
        "{{$.outputs.parameters['n'].output_file}}",
      ],
      inputs: { parameters: { text: value }, artifacts: {} },
      outputs: { parameters: { n: 'STRING' }, artifacts: {} },
    });
    const { outcome } = await bench.run(step);
    assert.ok(outcome.kind === 'succeeded' && outcome.outputs.parameters['n'] === value, JSON.stringify(outcome).slice(0, 500));
  });

  test(`process (${kind}): a Python component runs in a warm interpreter, and what it leaves out is null.`, async () => {
    await using bench = await open();
    const command = pythonCommand('train', [
      'def train(n: int, model: Output[Model], total: OutputPath(int)) -> str:',
      '    import os',
      '    print("training", os.environ["GREETING"], os.getcwd())',
      '    with open(model.path, "w") as file:',
      '        file.write("weights")',
      '    model.metadata["accuracy"] = 0.5',
      '    with open(total, "w") as file:',
      '        file.write(str(n + 1))',
    ]);
    const step = withArtifact(
      bench.step('', {
        ...command,
        env: [{ name: 'GREETING', value: 'hello' }],
        inputs: { parameters: { n: 41 }, artifacts: {} },
        outputs: { parameters: { total: 'NUMBER_INTEGER', Output: 'STRING' }, artifacts: {} },
      }),
      'model',
    );
    const { outcome } = await bench.run(step);
    const log = readFileSync(logFile(bench.dataDir, step.attemptId), 'utf8');
    assert.equal(outcome.kind, 'succeeded', `${JSON.stringify(outcome)}\n${log}`);
    assert.ok(outcome.kind === 'succeeded');
    assert.deepEqual(outcome.outputs.parameters, { total: 42, Output: null });
    assert.deepEqual(outcome.outputs.artifacts['model'], [
      { uri: step.outputs.artifacts['model']!.uri, metadata: { planned: 1, accuracy: 0.5 }, sizeBytes: 7 },
    ]);
    assert.match(log, /^training hello /m);
    await bench.until(() => (workFiles(bench).length === 0 ? true : undefined));
    await bench.executor.stop();
    await bench.until(() => (readdirSync(join(bench.dataDir, 'work')).length === 0 ? true : undefined));
  });
}
