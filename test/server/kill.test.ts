/**
 * A real `pipewright up` is killed (SIGKILL) while 50 clients upload pipelines and start runs, and while containers run, and is
 * started again on what it left. Whatever it had acknowledged is there, every run ends, and no step that succeeded ran twice.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { JsonObject } from '../../src/base/json.ts';
import { dockerForTests } from '../support/docker-for-tests.ts';
import { stepPipeline } from '../support/step-pipeline.ts';

const CLIENTS = 50;
/** A client does no more than this, so that the machine has an end of it. */
const RUNS_OF_A_CLIENT = 2;
/** The server is killed once so many runs are acknowledged: in the middle of the rest. */
const KILL_AFTER_RUNS = 45;
const ENDED_WITHIN_MS = 90_000;
const COMMAND = fileURLToPath(new URL('../../bin/pipewright.js', import.meta.url));
const V2 = '/apis/v2beta1';

interface Life {
  readonly process: ChildProcess;
  readonly url: string;
}

/** What a client was told had been done. */
interface Acknowledged {
  readonly pipelines: Set<string>;
  readonly runs: Set<string>;
}

const docker = await dockerForTests(['busybox']);

async function startServer(dataDir: string, executor: 'process' | 'docker' = 'process'): Promise<Life> {
  const server = spawn(process.execPath, [COMMAND, 'up', '--port', '0', '--data', dataDir, '--executor', executor], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface(server.stdout)) {
    const ready = /ready: (http:\S+)/.exec(line);
    if (ready) return { process: server, url: ready[1]! };
  }
  throw new Error('the server ended before it was ready');
}

/** Two steps one after the other, each of which leaves a line in the journal when it has done its work. */
function journalPipeline(journal: string): string {
  const leave = `sleep 0.05; echo "$0 $1" >> ${journal}`;
  const step = (name: string) => ({ sh: leave, args: ['{{$.pipeline_job_uuid}}', name], cached: false });
  return JSON.stringify(
    stepPipeline({ name: 'kill', steps: { first: step('first'), second: { ...step('second'), after: ['first'] } } }),
  );
}

async function reply(response: Response): Promise<JsonObject> {
  const text = await response.text();
  assert.equal(response.status, 200, text);
  return JSON.parse(text) as JsonObject;
}

/** Uploads and runs until it is done or nobody answers any more. */
async function client(url: string, name: string, spec: string, acknowledged: Acknowledged, ran: () => void): Promise<void> {
  try {
    for (let count = 0; count < RUNS_OF_A_CLIENT; count += 1) {
      const form = new FormData();
      form.append('uploadfile', new Blob([spec]), 'pipeline.yaml');
      const upload = await fetch(`${url}${V2}/pipelines/upload?name=${name}-${count}`, { method: 'POST', body: form });
      const { pipeline_id } = await reply(upload);
      acknowledged.pipelines.add(pipeline_id as string);
      const body = JSON.stringify({
        display_name: `${name}-${count}`,
        pipeline_version_reference: { pipeline_id: pipeline_id! },
      });
      const { run_id } = await reply(await fetch(`${url}${V2}/runs`, { method: 'POST', body }));
      acknowledged.runs.add(run_id as string);
      ran();
    }
  } catch (error) {
    // The server is gone, which is what this is about; an answer that is no success is not.
    if (error instanceof assert.AssertionError) throw error;
  }
}

async function listed(url: string, noun: string): Promise<readonly JsonObject[]> {
  const rows: JsonObject[] = [];
  for (let token = ''; ;) {
    const page = await reply(await fetch(`${url}${V2}/${noun}?page_size=200&page_token=${encodeURIComponent(token)}`));
    rows.push(...((page[noun] ?? []) as readonly JsonObject[]));
    token = (page['next_page_token'] ?? '') as string;
    if (token === '') return rows;
  }
}

const isFinal = ({ state }: JsonObject): boolean => ['SUCCEEDED', 'FAILED', 'CANCELED'].includes(state as string);

/** Every run of the server, once all have ended. */
async function endedRuns(url: string): Promise<readonly JsonObject[]> {
  for (const until = Date.now() + ENDED_WITHIN_MS; ;) {
    const runs = await listed(url, 'runs');
    if (runs.every(isFinal)) return runs;
    assert(Date.now() < until, `${runs.filter((run) => !isFinal(run)).length} of ${runs.length} runs have not ended`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

test(
  `what ${CLIENTS} clients were told is there after the server was killed, and no step ran twice`,
  { timeout: 115_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pipewright-server-kill-'));
    const lives: ChildProcess[] = [];
    try {
      const journal = join(folder, 'journal.txt');
      writeFileSync(journal, '');
      const spec = journalPipeline(journal);
      const first = await startServer(join(folder, 'data'));
      lives.push(first.process);
      const acknowledged: Acknowledged = { pipelines: new Set(), runs: new Set() };
      const ran = () => acknowledged.runs.size === KILL_AFTER_RUNS && first.process.kill('SIGKILL');
      const exited = once(first.process, 'exit');
      await Promise.all(
        Array.from({ length: CLIENTS }, (_, index) => client(first.url, `client-${index}`, spec, acknowledged, ran)),
      );
      await exited;
      assert(acknowledged.runs.size < CLIENTS * RUNS_OF_A_CLIENT, 'the server was killed while clients were at work');

      const second = await startServer(join(folder, 'data'));
      lives.push(second.process);
      const pipelines = new Set((await listed(second.url, 'pipelines')).map(({ pipeline_id }) => pipeline_id as string));
      assert.deepEqual([...acknowledged.pipelines.difference(pipelines)], [], 'every acknowledged pipeline is there');
      const runs = await endedRuns(second.url);
      const ids = new Set(runs.map(({ run_id }) => run_id as string));
      assert.deepEqual([...acknowledged.runs.difference(ids)], [], 'every acknowledged run is there');
      assert.deepEqual(
        runs.filter(({ state }) => state !== 'SUCCEEDED').map(({ run_id, state }) => `${run_id as string} ${state as string}`),
        [],
      );
      const lines = readFileSync(journal, 'utf8').split('\n').filter(Boolean);
      const expected = [...ids].flatMap((id) => [`${id} first`, `${id} second`]);
      assert.deepEqual(lines.toSorted(), expected.toSorted(), 'every step did its work once');
    } finally {
      for (const life of lives) life.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    }
  },
);

/** Four containers at once, some of which end while no server runs, and one after them. */
const SLEEPS = { short: 0.5, middle: 2, long: 4, longer: 5 } as const;

function containerPipeline(): JsonObject {
  const sleeping = Object.entries(SLEEPS).map(([name, seconds]) => {
    return [name, { sh: `echo begun; sleep ${seconds}; echo done`, cached: false }] as const;
  });
  const last = { sh: 'echo begun; echo done', cached: false, after: Object.keys(SLEEPS) };
  return stepPipeline({ name: 'kill-containers', steps: { ...Object.fromEntries(sleeping), last } });
}

/** The daemon's own count of starts, by task. */
async function startsOf(runId: string, sinceSeconds: number): Promise<readonly string[]> {
  const filters = JSON.stringify({ type: ['container'], event: ['start'], label: [`pipewright.run=${runId}`] });
  const until = Math.ceil(Date.now() / 1000);
  const events = await docker.api.open('GET', '/events', { query: { since: sinceSeconds, until, filters } });
  const starts: string[] = [];
  for await (const line of createInterface(events)) {
    const { Actor } = JSON.parse(line) as { readonly Actor: { readonly Attributes: Readonly<Record<string, string>> } };
    starts.push(Actor.Attributes['pipewright.task']!);
  }
  return starts.toSorted();
}

async function waitFor(isDone: () => boolean): Promise<void> {
  while (!isDone()) await new Promise((resolve) => setTimeout(resolve, 20));
}

async function killed({ process: server }: Life): Promise<void> {
  const exited = once(server, 'exit');
  server.kill('SIGKILL');
  await exited;
}

test(
  'every container of a server that is killed twice is adopted by the next one; none runs twice or is left',
  { timeout: 60_000, skip: docker.skip },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pipewright-server-kill-'));
    const dataDir = join(folder, 'data');
    const sinceSeconds = Math.floor(Date.now() / 1000);
    const lives: Life[] = [];
    const live = async () => {
      lives.push(await startServer(dataDir, 'docker'));
      return lives.at(-1)!;
    };
    try {
      const first = await live();
      const body = JSON.stringify({ display_name: 'containers', pipeline_spec: containerPipeline() });
      const { run_id: runId } = await reply(await fetch(`${first.url}${V2}/runs`, { method: 'POST', body }));
      const logs = () => logsOf(join(dataDir, 'logs', runId as string));
      const begun = () => logs().filter((text) => text.startsWith('begun')).length;
      // While the others are on their way to be started.
      await waitFor(() => begun() >= 1);
      await killed(first);
      const second = await live();
      await waitFor(() => begun() >= 4);
      await killed(second);
      const third = await live();
      assert.deepEqual(
        (await endedRuns(third.url)).map(({ state }) => state),
        ['SUCCEEDED'],
      );
      assert.deepEqual(
        logs(),
        Array.from({ length: 5 }, () => 'begun\ndone\n'),
      );
      const started = await startsOf(runId as string, sinceSeconds);
      assert.deepEqual(started, ['/last', '/long', '/longer', '/middle', '/short']);
      const exited = once(third.process, 'exit');
      third.process.kill('SIGTERM');
      await exited;
      await assertNothingIsLeft(dataDir, runId as string);
    } finally {
      for (const { process: server } of lives) server.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    }
  },
);

function logsOf(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8')) : [];
}

async function assertNothingIsLeft(dataDir: string, runId: string): Promise<void> {
  const filters = JSON.stringify({ label: [`pipewright.run=${runId}`] });
  assert.deepEqual(await docker.api.call('GET', '/containers/json', { query: { all: true, filters } }), []);
  assert.deepEqual(readdirSync(join(dataDir, 'docker')), []);
  assert(!readFileSync('/proc/mounts', 'utf8').includes(dataDir));
}
