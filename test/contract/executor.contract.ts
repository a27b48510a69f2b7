import assert from 'node:assert/strict';
import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test as nodeTest } from 'node:test';
import { logFile, readLogTail } from '../../src/launcher/log-file.ts';
import type { ExecutorCapabilities, TaskLaunch } from '../../src/executors/executor.ts';
import { Bench, withArtifact } from './executor-fixtures.ts';
import type { Finished, OpenExecutor } from './executor-fixtures.ts';
import { lifecycleContract } from './executor-lifecycle.contract.ts';

export interface ContractOptions {
  /** The executor's row of the table: what it does not have is not tried. */
  readonly capabilities: ExecutorCapabilities;
  /** Why the executor cannot be tried here. Default: it can. */
  readonly skip?: string | false;
  /** Many steps at once take so long that they are tried in a file of their own (wideContract). Default: false. */
  readonly isSlow?: boolean;
}

/** What every executor does, as far as its capabilities go. Restarts are tested beside each implementation. */
export function executorContract(name: string, open: OpenExecutor, options: ContractOptions): void {
  lifecycleContract(name, open, { skip: false, ...options });
  if (!options.capabilities.runsPrograms) return;
  const contract = contractOf(name, open, options);
  outcomeContract(contract);
  outputContract(contract);
  cancelContract(contract);
  if (!options.isSlow) manyContract(contract);
}

/** The part of the contract that a slow executor tries in a file of its own. */
export function wideContract(name: string, open: OpenExecutor, options: ContractOptions): void {
  manyContract(contractOf(name, open, options));
}

function contractOf(name: string, open: OpenExecutor, { skip = false, capabilities }: ContractOptions): Contract {
  const { sharesFiles, endsDaemons } = capabilities;
  return { name, open, sharesFiles, endsDaemons, test: (title, run) => void nodeTest(title, { skip }, run) };
}

type ContractTest = (title: string, run: () => Promise<void>) => void;

interface Contract {
  readonly name: string;
  readonly open: OpenExecutor;
  readonly sharesFiles: boolean;
  readonly endsDaemons: boolean;
  readonly test: ContractTest;
}

function errorOf({ outcome }: Finished) {
  assert.equal(outcome.kind, 'failed');
  return outcome.kind === 'failed' ? outcome.error : assert.fail();
}

function outputsOf({ outcome }: Finished) {
  assert.equal(outcome.kind, 'succeeded', JSON.stringify(outcome));
  return outcome.kind === 'succeeded' ? outcome.outputs : assert.fail();
}

function outcomeContract({ name, open, test }: Contract): void {
  test(`${name}: a failed step tells its exit code and the end of its log, and is the step's fault.`, async () => {
    await using bench = await Bench.open(open);
    const error = errorOf(
      await bench.run(bench.step('for i in $(seq 1 5000); do echo line $i; done; echo "the reason" >&2; exit 7')),
    );
    assert.equal(error.code, 7);
    assert.equal(error.cause, 'step');
    assert.match(error.message, /failed to execute component: exit status 7\n(.*\n)+the reason$/);
    assert.ok(error.message.length < 5000);
  });

  test(`${name}: a step that a signal ends tells the signal.`, async () => {
    await using bench = await Bench.open(open);
    const error = errorOf(await bench.run(bench.step('kill -SEGV $$')));
    assert.equal(error.code, 139);
    assert.match(error.message, /SIGSEGV/);
  });

  test(`${name}: a step that runs too long is ended with all it started, and fails with cause timeout.`, async () => {
    await using bench = await Bench.open(open);
    // A shell that is still there may have its say about programs that end before it.
    const step = bench.step('echo begun; sleep 600 & exec sleep 600', { timeoutMs: 1500 });
    const error = errorOf(await bench.run(step));
    assert.equal(error.cause, 'timeout');
    assert.match(error.message, /1\.5 s.*\nbegun$/s);
  });

  test(`${name}: launching an attempt again runs it once.`, async () => {
    await using bench = await Bench.open(open);
    const step = bench.step('echo ran');
    bench.executor.launch(step);
    await bench.run(step);
    bench.executor.launch(step);
    await bench.run(bench.step('exit 0'));
    assert.equal(readFileSync(logFile(bench.dataDir, step.attemptId), 'utf8'), 'ran\n');
  });

  test(`${name}: stdout and stderr are one log, in order and byte for byte.`, async () => {
    await using bench = await Bench.open(open);
    const step = bench.step("echo one; echo two >&2; printf 'caf\\351\\000\\n'; echo three");
    await bench.run(step);
    const log = logFile(bench.dataDir, step.attemptId);
    assert.equal(readFileSync(log, 'latin1'), 'one\ntwo\ncaf\xe9\0\nthree\n');
    assert.equal(await readLogTail(log, 12), 'three\n');
  });

  test(`${name}: lines of any length are kept whole, also the last one, which may have no end.`, async () => {
    await using bench = await Bench.open(open);
    const long = 'head -c 40000 /dev/zero | tr "\\0" x';
    const step = bench.step(`${long}; echo; echo short; ${long}; echo; seq 1 20000; printf last`);
    await bench.run(step);
    const lines = readFileSync(logFile(bench.dataDir, step.attemptId), 'utf8').split('\n');
    assert.deepEqual(lines.slice(0, 3), ['x'.repeat(40_000), 'short', 'x'.repeat(40_000)]);
    assert.deepEqual([lines.length, lines.at(-2), lines.at(-1)], [20_004, '20000', 'last']);
  });

  test(`${name}: a step is told who it is.`, async () => {
    await using bench = await Bench.open(open);
    const first = bench.step('env; pwd; ls -A | wc -l', {
      env: [{ name: 'GREETING', value: 'hello $(KFP_TASK_NAME) $(NOBODY) $$(HOME)' }],
    });
    await bench.run(first);
    const log = readFileSync(logFile(bench.dataDir, first.attemptId), 'utf8');
    assert.match(log, /^KFP_RUN_ID=run$/m);
    assert.match(log, new RegExp(`^KFP_POD_UID=${first.taskUuid}$`, 'm'));
    assert.match(log, /^GREETING=hello step \$\(NOBODY\) \$\(HOME\)$/m);
    assert.doesNotMatch(log, /^KFP_RETRY_INDEX=/m);
    assert.match(log, /^0$/m);
    const retried = { ...first, attemptId: `${first.taskId}.1`, attempt: 1, hasRetryPolicy: true };
    await bench.run(retried);
    assert.match(readFileSync(logFile(bench.dataDir, retried.attemptId), 'utf8'), /^KFP_RETRY_INDEX=1$/m);
  });
}

function outputContract({ name, open, test, sharesFiles }: Contract): void {
  const writing = (bench: Bench, script: string, types: TaskLaunch['outputs']['parameters']) =>
    bench.step('', {
      command: [
        'sh',
        '-c',
        script,
        '{{$}}',
        '{{$.outputs.output_file}}',
        ...Object.keys(types).map((key) => `{{$.outputs.parameters['${key}'].output_file}}`),
      ],
      outputs: { parameters: types, artifacts: {} },
    });

  test(`${name}: output parameters are read from their files as their types.`, async () => {
    await using bench = await Bench.open(open);
    const script = 'printf " text\\n" > "$2"; echo 12 > "$3"; printf "[1, {}]" > "$4"; echo True > "$5"';
    const step = writing(bench, script, { text: 'STRING', 'a b/../c': 'NUMBER_INTEGER', list: 'LIST', flag: 'BOOLEAN' });
    assert.deepEqual(outputsOf(await bench.run(step)).parameters, { text: ' text\n', 'a b/../c': 12, list: [1, {}], flag: true });
  });

  test(`${name}: what the executor output says wins over the files.`, async () => {
    await using bench = await Bench.open(open);
    const step = writing(bench, `echo 1 > "$2"; echo '{"parameterValues": {"n": 5}}' > "$1"`, { n: 'NUMBER_INTEGER' });
    assert.deepEqual(outputsOf(await bench.run(step)).parameters, { n: 5 });
  });

  const wrong: readonly (readonly [string, string, RegExp])[] = [
    ['is not written', 'true', /failed to read output parameter name="n" type="NUMBER_INTEGER" path=".*": no such file/],
    ['has another type', 'echo x > "$2"', /failed to read output parameter name="n" type="NUMBER_INTEGER".*"x\\n" is not/],
    ['is reported with another type', `echo '{"parameterValues": {"n": "5"}}' > "$1"`, /name="n".*string/],
    ['is a folder', 'mkdir "$2"', /name="n".*: it is a folder, not a file/],
    ['is a named pipe', 'mkfifo "$2"', /name="n".*: it is a device or a pipe, not a file/],
    ['is a link to a device', 'ln -s /dev/zero "$2"', /name="n"/],
    ['is in a broken document', 'echo "{" > "$1"', /failed to unmarshall ExecutorOutput in file/],
  ];
  for (const [what, script, message] of wrong) {
    test(`${name}: an output parameter that ${what} fails the step.`, async () => {
      await using bench = await Bench.open(open);
      const error = errorOf(await bench.run(writing(bench, script, { n: 'NUMBER_INTEGER' })));
      assert.equal(error.cause, 'input');
      assert.match(error.message, message);
    });
  }

  test(`${name}: artifacts are measured, and reported metadata is merged over what was planned.`, async () => {
    await using bench = await Bench.open(open);
    const script = `mkdir "$0"; echo 12345 > "$0/part"; echo '{"artifacts": {"data": {"artifacts": [{"name": "data", "metadata": {"rows": 3}}]}}}' > "$1"`;
    const step = withArtifact(
      bench.step('', { command: ['sh', '-c', script, "{{$.outputs.artifacts['data'].path}}", '{{$.outputs.output_file}}'] }),
      'data',
    );
    const uri = step.outputs.artifacts['data']!.uri;
    assert.deepEqual(outputsOf(await bench.run(step)).artifacts, {
      data: [{ uri, metadata: { planned: 1, rows: 3 }, sizeBytes: 6 }],
    });
    assert.equal(readFileSync(join(uri, 'part'), 'utf8'), '12345\n');
  });

  test(`${name}: an artifact at a custom path is taken over; what lies outside of the attempt stays where it is.`, async () => {
    await using bench = await Bench.open(open);
    const outside = join(bench.dataDir, 'outside');
    writeFileSync(outside, 'mine');
    for (const path of sharesFiles ? ['inside', outside] : ['inside']) {
      const script = `echo own > inside; printf '{"artifacts": {"data": {"artifacts": [{"custom_path": "%s"}]}}}' "$1" > "$0"`;
      const step = withArtifact(bench.step('', { command: ['sh', '-c', script, '{{$.outputs.output_file}}', path] }), 'data');
      const uri = step.outputs.artifacts['data']!.uri;
      assert.equal(outputsOf(await bench.run(step)).artifacts['data']![0]!.sizeBytes, 4);
      assert.equal(readFileSync(uri, 'utf8'), path === 'inside' ? 'own\n' : 'mine');
    }
    assert.equal(readFileSync(outside, 'utf8'), 'mine');
  });

  test(`${name}: an output that is a link to what the step wrote elsewhere is taken over.`, async () => {
    await using bench = await Bench.open(open);
    for (const elsewhere of ['own', '/tmp/pipewright-contract-linked']) {
      const script = `rm -rf ${elsewhere}; mkdir ${elsewhere}; echo 7 > ${elsewhere}/n; ln -s "$(cd ${elsewhere}; pwd)" "$0"; ln -s "$0/n" "$1"`;
      const step = withArtifact(
        bench.step('', {
          command: ['sh', '-c', script, "{{$.outputs.artifacts['data'].path}}", "{{$.outputs.parameters['n'].output_file}}"],
        }),
        'data',
      );
      const outputs = { ...step.outputs, parameters: { n: 'NUMBER_INTEGER' as const } };
      const { parameters, artifacts } = outputsOf(await bench.run({ ...step, outputs }));
      assert.equal(parameters['n'], 7, elsewhere);
      assert.equal(artifacts['data']![0]!.sizeBytes, 2, elsewhere);
      assert.equal(readFileSync(join(artifacts['data']![0]!.uri, 'n'), 'utf8'), '7\n', elsewhere);
      assert.ok(!lstatSync(artifacts['data']![0]!.uri).isSymbolicLink(), elsewhere);
    }
    rmSync('/tmp/pipewright-contract-linked', { recursive: true, force: true });
  });

  test(`${name}: an artifact that is not written is registered without a size.`, async () => {
    await using bench = await Bench.open(open);
    const step = withArtifact(bench.step('true'), 'data');
    assert.deepEqual(outputsOf(await bench.run(step)).artifacts['data'], [
      { uri: step.outputs.artifacts['data']!.uri, metadata: { planned: 1 } },
    ]);
  });

  test(`${name}: another attempt does not find what the one before wrote.`, async () => {
    await using bench = await Bench.open(open);
    const script = 'if [ -e "$0" ]; then exit 9; fi; echo half > "$0"; exit 1';
    const step = withArtifact(bench.step('', { command: ['sh', '-c', script, "{{$.outputs.artifacts['data'].path}}"] }), 'data');
    for (const attempt of [0, 1, 2]) {
      const error = errorOf(await bench.run({ ...step, attemptId: `${step.taskId}.${attempt}`, attempt, hasRetryPolicy: true }));
      assert.equal(error.code, 1);
    }
  });
}

function cancelContract({ name, open, test, endsDaemons }: Contract): void {
  test(`${name}: cancel ends the whole tree of processes, also those that ignore SIGTERM or have left the session.`, async () => {
    await using bench = await Bench.open(open);
    const silent = withArtifact(bench.step(''), 'marks');
    // A folder that the step and we see at the same path, wherever the step runs.
    const marks = silent.taskRoot;
    mkdirSync(marks, { recursive: true });
    const beat = (mark: string) => `sh -c 'trap "" TERM; while sleep 0.05; do echo > ${marks}/${mark}; done'`;
    const script = `trap "" TERM; ${beat('child')} & setsid ${beat('session')} & (setsid ${beat('orphan')} &) ; ${beat('main')}`;
    const step = { ...silent, command: ['sh', '-c', script] };
    bench.executor.launch(step);
    const names = ['child', 'session', 'orphan', 'main'];
    await bench.until(() => (names.every((mark) => existsSync(join(marks, mark))) ? true : undefined));
    bench.executor.cancel(step.attemptId);
    assert.deepEqual((await bench.finished(step.attemptId)).outcome, { kind: 'canceled' });
    for (const mark of names) writeFileSync(join(marks, mark), 'silent');
    await bench.run(bench.step('sleep 0.3'));
    for (const mark of names) assert.equal(readFileSync(join(marks, mark), 'utf8'), 'silent', mark);
  });

  test(`${name}: what a step leaves running ends with it, a daemon where the executor can tell.`, async () => {
    await using bench = await Bench.open(open);
    const silent = withArtifact(bench.step(''), 'marks');
    const marks = silent.taskRoot;
    mkdirSync(marks, { recursive: true });
    const beat = (mark: string) => `sh -c 'while sleep 0.05 && [ -d ${marks} ]; do echo > ${marks}/${mark}; done'`;
    const names = ['child', 'session', 'orphan'];
    const seen = names.map((mark) => `until [ -e ${marks}/${mark} ]; do sleep 0.05; done`).join('; ');
    const script = `${beat('child')} & setsid ${beat('session')} >/dev/null 2>&1 & (setsid ${beat('orphan')} >/dev/null 2>&1 &); ${seen}; echo done`;
    const step = { ...silent, command: ['sh', '-c', script] };
    assert.equal((await bench.run(step)).outcome.kind, 'succeeded');
    const ended = endsDaemons ? names : ['child'];
    for (const mark of ended) writeFileSync(join(marks, mark), 'silent');
    await bench.run(bench.step('sleep 0.3'));
    for (const mark of ended) assert.equal(readFileSync(join(marks, mark), 'utf8'), 'silent', mark);
  });
}

function manyContract({ name, open, test }: Contract): void {
  test(`${name}: two hundred steps at once all end, each with its own output.`, async () => {
    await using bench = await Bench.open(open);
    const steps = Array.from({ length: 200 }, (_, index) =>
      bench.step('', {
        command: ['sh', '-c', 'echo $0 > $1', String(index), "{{$.outputs.parameters['n'].output_file}}"],
        outputs: { parameters: { n: 'NUMBER_INTEGER' }, artifacts: {} },
      }),
    );
    for (const step of steps) bench.executor.launch(step);
    const values = await Promise.all(steps.map(async (step) => outputsOf(await bench.finished(step.attemptId)).parameters['n']));
    assert.deepEqual(
      values,
      steps.map((_, index) => index),
    );
  });
}
