// The groups of commands that talk to a server, as their users see them: processes with arguments, output and exit codes.
import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { cliWorld, type CliResult } from '../support/run-cli.ts';
import { stepPipeline } from '../support/step-pipeline.ts';
import { compatServer } from '../compat/support/compat-server.ts';

const world = await cliWorld();
const server = await compatServer();
after(async () => {
  await server[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

const env = { KF_PIPELINES_ENDPOINT: server.url, PIPEWRIGHT_CONFIG: join(world.folder, 'config') };

async function pipewright(...args: readonly string[]): Promise<CliResult> {
  return world.run(args, { env });
}

async function succeed(...args: readonly string[]): Promise<string> {
  const result = await pipewright(...args);
  assert.equal(result.exitCode, 0, `pipewright ${args.join(' ')}\n${result.stdout}${result.stderr}`);
  return result.stdout;
}

const json = async <T = Record<string, string>>(...args: readonly string[]): Promise<T> =>
  JSON.parse(await succeed(...args, '--output', 'json')) as T;

const greeting = await world.write(
  'greeting.json',
  stepPipeline({
    name: 'greeting',
    parameters: { who: { type: 'STRING', default: 'World' }, times: { type: 'NUMBER_INTEGER', default: 1 } },
    steps: {
      greet: {
        sh: 'mkdir -p "$(dirname "$1")" && printf "Hello, %s!" "$0" > "$1"; echo "greeting $0"',
        args: ["{{$.inputs.parameters['who']}}", "{{$.outputs.parameters['text'].output_file}}"],
        inputs: { who: 'root:who' },
        outputs: ['text'],
      },
      shout: { sh: 'echo "shouting $0"', args: ["{{$.inputs.parameters['text']}}"], inputs: { text: 'greet.text' } },
    },
    outputs: { text: 'greet.text' },
  }),
);
const failing = await world.write(
  'failing.json',
  stepPipeline({ name: 'failing', steps: { fail: { sh: 'echo out of luck; exit 3' } } }),
);
const slow = await world.write('slow.json', stepPipeline({ name: 'slow', steps: { wait: { sh: 'sleep 60' } } }));

test('a pipeline is uploaded, listed, given versions and deleted, under both spellings and by its name', async () => {
  const made = await json('pipeline', 'create', greeting, '-p', 'greeting', '-d', 'words');
  assert.deepEqual([made['name'], made['id']], ['greeting', made['pipeline_id']]);
  await succeed('pipeline', 'upload', greeting, '--pipeline-name', 'another');
  const version = await json('pipeline', 'create-version', greeting, '-v', 'two', '-n', 'greeting');
  await succeed('pipeline', 'upload-version', greeting, '-v', 'three', '-p', made['pipeline_id']!);
  assert.match(await succeed('pipeline', 'list-versions', 'greeting'), /^ID +NAME +CREATED AT +PARENT ID\n.* three .*\n.* two /);
  assert.equal((await json('pipeline', 'get-version', 'greeting', 'two'))['id'], version['id']);
  assert.match(await succeed('pipeline', 'get', 'greeting'), /NAME +greeting\n[\s\S]*DESCRIPTION +words\n/);
  await succeed('pipeline', 'delete-version', version['id']!);
  const refused = await pipewright('pipeline', 'delete', 'another');
  assert.equal(refused.exitCode, 2);
  assert.match(refused.stderr, /--cascade/);
  await succeed('pipeline', 'delete', 'another', '--cascade');
  assert.deepEqual(
    (await json<{ name: string }[]>('pipeline', 'list')).map(({ name }) => name),
    ['greeting'],
  );
});

test('a file runs while it is watched, with typed arguments, and its outputs are shown', async () => {
  const output = await succeed('run', 'create', greeting, 'who=you', 'times=3', '-e', 'greetings', '-r', 'first', '--watch');
  assert.match(output, /✓ \/greet /);
  assert.match(output, /greeting succeeded in .*2 done/);
  assert.match(output, /text +"Hello, you!"/);
  assert.equal(await succeed('run', 'logs', 'first', '/greet'), 'greeting you\n');
  assert.equal(await succeed('run', 'logs', 'first', 'shout', '--follow'), 'shouting Hello, you!\n');
  assert.match(await succeed('run', 'logs', 'last'), /==> \/greet <==\ngreeting you\n\n==> \/shout <==\n/);
  assert.equal(await succeed('run', 'logs', 'first', '--follow').then((text) => text.split('\n').length), 3);
});

test('a pipeline of the server runs, and arguments of wrong names and types are told before it starts', async () => {
  const run = await json('run', 'submit', '--pipeline-name', 'greeting', 'times=2', '--timeout', '60');
  assert.equal(run['state'], 'SUCCEEDED');
  const refused = await pipewright('run', 'create', '-n', 'greeting', 'tmes=2', 'times=two');
  assert.equal(refused.exitCode, 2);
  assert.match(refused.stderr, /did you mean times\?[\s\S]*two/);
});

test('a failing run ends with 1 and the end of its log, and waiting for it tells the same', async () => {
  const failed = await pipewright('run', 'create', failing, '-r', 'bad luck', '-w');
  assert.equal(failed.exitCode, 1);
  assert.match(failed.stdout, /✗ \/fail[\s\S]*out of luck[\s\S]*failing failed/);
  assert.equal((await pipewright('run', 'wait', 'bad luck')).exitCode, 1);
  const retried = await json('run', 'retry', 'bad luck');
  assert.notEqual(retried['state'], 'SUCCEEDED');
  assert.equal((await pipewright('run', 'get', 'bad luck', '--watch')).exitCode, 1);
});

test('with --output json, stdout is the run alone, also when it is watched', async () => {
  const result = await pipewright('--output', 'json', 'run', 'create', failing, '-w');
  assert.deepEqual([result.exitCode, (JSON.parse(result.stdout) as { state: string }).state], [1, 'FAILED']);
});

test('a wait that takes too long, and Ctrl-C, leave the run alone; terminating ends it', async () => {
  const run = await json('run', 'create', slow, '-r', 'slow');
  const timedOut = await pipewright('run', 'wait', run['id']!.slice(0, 13), '--timeout', '1');
  assert.equal(timedOut.exitCode, 1);
  assert.match(timedOut.stderr, /the time to wait is over; the run goes on/);
  const interrupted = await world.run(['run', 'get', 'slow', '--watch'], {
    env,
    onOutput: (text, signal) => {
      if (text.endsWith('not the run\n')) signal('SIGINT');
    },
  });
  assert.equal(interrupted.exitCode, 130);
  await succeed('run', 'terminate', 'slow');
  assert.equal((await pipewright('run', 'wait', 'slow')).exitCode, 1);
});

test('runs are listed with filters people can type, archived, cloned and deleted', async () => {
  const listed = await json<{ name: string; state: string }[]>('run', 'list', '--filter', 'state=FAILED,name~luck');
  assert.deepEqual(
    listed.map(({ name }) => name),
    ['bad luck'],
  );
  const inExperiment = await json<{ name: string }[]>('run', 'list', '-e', 'greetings');
  assert.deepEqual(
    inExperiment.map(({ name }) => name),
    ['first'],
  );
  const page = await pipewright('run', 'list', '-m', '1');
  const token = /--page-token (\S+)/.exec(page.stderr)?.[1];
  assert.ok(token, page.stderr);
  assert.equal((await json<object[]>('run', 'list', '-m', '1', '--page-token', token)).length, 1);
  assert.equal((await json('run', 'archive', 'first'))['storage_state'], 'ARCHIVED');
  assert.equal((await json('run', 'unarchive', 'first'))['storage_state'], 'AVAILABLE');
  const clone = await json('run', 'clone', 'first', 'who=all', '-r', 'second');
  assert.equal((await pipewright('run', 'wait', clone['id']!)).exitCode, 0);
  assert.equal(await succeed('run', 'logs', 'second', 'greet'), 'greeting all\n');
  await succeed('run', 'delete', 'second');
  const gone = await pipewright('run', 'get', 'second');
  assert.deepEqual([gone.exitCode, gone.stderr.split('\n')[0]], [2, 'pipewright: there is no run second']);
});

test('experiments and recurring runs have kfp’s verbs', async () => {
  const experiment = await json('experiment', 'create', 'one', '-d', 'words');
  assert.equal((await json('experiment', 'create', 'one'))['id'], experiment['id']);
  assert.equal((await json('experiment', 'archive', '--experiment-name', 'one'))['storage_state'], 'ARCHIVED');
  assert.equal((await json('experiment', 'unarchive', 'one'))['storage_state'], 'AVAILABLE');
  const job = await json(
    'recurring-run',
    'create',
    greeting,
    'who=night',
    '--cron-expression',
    '0 0 3 * * *',
    '--experiment-name',
    'one',
  );
  assert.deepEqual([job['name'], job['status']], ['greeting', 'ENABLED']);
  assert.equal((await json('recurring-run', 'disable', 'greeting'))['status'], 'DISABLED');
  assert.equal((await json('job', 'enable', job['id']!))['status'], 'ENABLED');
  assert.match(await succeed('recurring-run', 'get', 'greeting'), /CRON +0 0 3 \* \* \*/);
  assert.equal((await json<object[]>('recurring-run', 'list', '-e', 'one')).length, 1);
  await succeed('recurring-run', 'delete', 'greeting');
  await succeed('experiment', 'delete', 'one');
  assert.equal((await pipewright('recurring-run', 'create', greeting)).exitCode, 2);
});

test('an artifact is found by its run, and fetched', async () => {
  const file = await world.write('writer.json', {
    ...stepPipeline({ name: 'writer', steps: { write: { sh: 'true' } } }),
    components: {
      'comp-write': {
        executorLabel: 'exec-write',
        outputDefinitions: { artifacts: { data: { artifactType: { schemaTitle: 'system.Dataset', schemaVersion: '0.0.1' } } } },
      },
    },
    deploymentSpec: {
      executors: {
        'exec-write': {
          container: {
            image: 'busybox',
            command: ['sh', '-c', 'mkdir -p "$(dirname "$0")" && echo content > "$0"'],
            args: ["{{$.outputs.artifacts['data'].path}}"],
          },
        },
      },
    },
  });
  await succeed('run', 'create', file, '-r', 'writer', '-t', '60');
  const [artifact] = await json<{ id: string; name: string }[]>('artifact', 'list', '--run', 'writer');
  assert.equal(artifact?.name, 'data');
  const target = join(world.folder, 'fetched');
  await succeed('artifact', 'download', artifact.id, '--to', target);
  assert.equal(await readFile(target, 'utf8'), 'content\n');
  assert.equal(await succeed('artifact', 'download', artifact.id, '--to', '-'), 'content\n');
  assert.match(await succeed('artifact', 'lineage', artifact.id), /writer +\/write +wrote +data/);
  assert.match(await succeed('artifact', 'get', artifact.id), /TYPE +system\.Dataset/);
});

test('mistakes are told with the next step, and as JSON where JSON is asked for', async () => {
  const rows: readonly (readonly [args: readonly string[], expected: RegExp])[] = [
    [['run', 'create'], /give a pipeline file, or the id, name or version/],
    [['run', 'create', 'missing.yaml'], /missing\.yaml: there is no such file/],
    [['run', 'get', 'nothing'], /there is no run nothing[\s\S]*pipewright run list/],
    [['run', 'list', '--filter', 'nonsense'], /"nonsense" is no condition/],
    [['run', 'list', '--max-size', 'many'], /--max-size many: a whole number is needed/],
    [['run', 'list', '--output', 'xml'], /Allowed choices are table, json/],
    [['pipeline', 'create', greeting, '-p', 'greeting'], /Please specify a new name/],
    [['run', 'list', '--endpoint', 'http://127.0.0.1:64999'], /no server listens there[\s\S]*pipewright up/],
  ];
  for (const [args, expected] of rows) {
    const result = await pipewright(...args);
    assert.equal(result.exitCode, 2, args.join(' '));
    assert.match(result.stderr, expected);
  }
  const result = await pipewright('run', 'get', 'nothing', '--output', 'json');
  assert.equal((JSON.parse(result.stdout) as { error: { code: string } }).error.code, 'NOT_FOUND');
});

test('a login keeps a token that only its owner can read, and a logout revokes it', async () => {
  await using guarded = await compatServer({ password: 'open sesame, please' });
  const options = { env: { ...env, KF_PIPELINES_ENDPOINT: guarded.url, PIPEWRIGHT_PASSWORD: 'open sesame, please' } };
  const before = await world.run(['run', 'list'], options);
  assert.match(before.stderr, /pipewright login/);
  assert.equal((await world.run(['login'], options)).exitCode, 0);
  const file = join(env.PIPEWRIGHT_CONFIG, 'credentials.json');
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.equal((await world.run(['run', 'list'], options)).exitCode, 0);
  const { [guarded.url]: kept } = JSON.parse(await readFile(file, 'utf8')) as Record<string, { token: string }>;
  assert.equal((await world.run(['logout'], options)).exitCode, 0);
  assert.equal((await world.run(['run', 'list'], options)).exitCode, 2);
  assert.equal((await world.run(['run', 'list', '--token', kept!.token], options)).exitCode, 2);
  const wrong = await world.run(['login'], { env: { ...options.env, PIPEWRIGHT_PASSWORD: 'wrong' } });
  assert.equal(wrong.exitCode, 2);
});
