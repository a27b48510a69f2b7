/**
 * `npm run conformance [-- --dir DIR] [--only TEXT] [--executor process|docker] [--jobs N] [--slow] [--verbose]`: every pipeline of the public corpus
 * (../shared/conformance/pipelines, or DIR with or without an index.json) is read, checked and planned; those that can run on
 * one machine are run to their end and compared with what is expected of them. With Docker, those that need images of their own run
 * as well where these can be built (build-conformance-images.ts); stand-ins are made for the images most of them name (base-images.ts).
 */
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { formatProblem, ProductError } from '../src/base/errors.ts';
import type { JsonObject } from '../src/base/json.ts';
import { planPipeline } from '../src/engine/plan-pipeline.ts';
import { readDocument } from '../src/cli/load-pipeline.ts';
import { openSecretStore } from '../src/executors/local-secrets.ts';
import type { PipelineDocument } from '../src/ir/spec.ts';
import type { ExecutorName } from '../src/start-executor.ts';
import { openPlatform, type Platform } from '../src/start.ts';
import { buildConformanceImages } from './build-conformance-images.ts';
import { compareArguments, hasExpectedArguments } from './conformance-arguments.ts';
import { compareRun } from './conformance-compare.ts';
import { readEntries, RUNS, type Entry } from './conformance-entries.ts';
import { argumentsFor, namedValuesFor, notedSecrets } from './conformance-inputs.ts';
import { whyNotInContainers } from './conformance-images.ts';
import { printReport, printResult, type Result } from './conformance-report.ts';
import { setUpContainers } from './setup-containers.ts';

/** A run that takes longer than this is canceled and counts as failed; in containers each step installs its kfp anew. */
const PROCESS_TIMEOUT_MS = 240_000;
const DOCKER_TIMEOUT_MS = 600_000;

const { values: options } = parseArgs({
  options: {
    dir: { type: 'string', default: fileURLToPath(new URL('../../shared/conformance/pipelines', import.meta.url)) },
    only: { type: 'string' },
    jobs: { type: 'string', default: String(availableParallelism() * 2) },
    slow: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
    executor: { type: 'string', default: 'process' },
  },
});

const folder = resolve(options.dir);
if (!existsSync(folder)) {
  console.log(`there is no ${folder}: give the folder of pipelines with --dir`);
  process.exit(2);
}
const dataDir = await mkdtemp(join(tmpdir(), 'pipewright-conformance-'));
if (options.executor === 'docker') {
  for (const line of [...setUpContainers({ standIns: true }), ...(await buildConformanceImages())]) console.log(`note: ${line}`);
}
const platform = await openPlatform({ dataDir, executor: options.executor as ExecutorName });
const entries = readEntries(folder, options.only);
await createNamedValues();
const skipped = entries.filter((entry) => entry.runnable === 'offline_slow' && !options.slow);
/** Planned and not run, and why. */
const leftOut: string[] = [];
const results = await judgeAll(
  entries.filter((entry) => !skipped.includes(entry)),
  Math.max(1, Number(options.jobs) || 1),
);
await platform.close({ cancelRunning: true });
await rm(dataDir, { recursive: true, force: true });
printReport(results, { slow: skipped.length, leftOut });
process.exitCode = results.every(({ differences }) => differences.length === 0) ? 0 : 1;

/** All secrets and config maps the pipelines name, before the first run: several may share a name with different keys. */
async function createNamedValues(): Promise<void> {
  const noted = notedSecrets(readEntries(folder, undefined));
  const known = new Set(noted.map(({ name }) => name));
  const named = entries
    .filter((entry) => RUNS.has(entry.runnable))
    .flatMap((entry) => {
      try {
        return namedValuesFor(readDocument(readFileSync(join(folder, entry.file)), entry.file), known);
      } catch {
        // It is told when the entry itself is judged.
        return [];
      }
    });
  const secrets = openSecretStore(dataDir);
  for (const { kind, name, values } of [...noted, ...named]) {
    await secrets.create(kind, name, { ...(await secrets.read(kind, name)), ...values });
  }
}

async function judgeAll(given: readonly Entry[], jobs: number): Promise<Result[]> {
  const results: Result[] = [];
  const queue = given.values();
  // Installed packages keep caches of their own in the home folder (yapf its grammar), and not all of them can share it.
  let pip = Promise.resolve<unknown>(undefined);
  const inTurn = (entry: Entry): Promise<string[]> => {
    const turn = pip.then(() => judge(entry));
    pip = turn.catch(() => undefined);
    return turn;
  };
  const worker = async (): Promise<void> => {
    for (const entry of queue) {
      const started = performance.now();
      const judged = entry.runnable === 'offline_pip' ? inTurn(entry) : judge(entry);
      const differences = await judged.catch((error: unknown) => [describe(error)]);
      const result = { entry, differences, durationMs: performance.now() - started };
      results.push(result);
      if (differences.length > 0 || options.verbose) printResult(result);
    }
  };
  await Promise.all(Array.from({ length: jobs }, worker));
  return results;
}

/** What is wrong with our treatment of the entry; nothing if it is as expected. */
async function judge(entry: Entry): Promise<string[]> {
  const bytes = readFileSync(join(folder, entry.file));
  if (entry.runnable === 'rejected') return judgeRefusal(entry, bytes);
  const document = readDocument(bytes, entry.file);
  const plan = planPipeline(document);
  const why = options.executor === 'docker' ? await whyNotInContainers(entry.file, document) : undefined;
  if (why !== undefined) {
    if (RUNS.has(entry.runnable) || entry.runnable === 'image') leftOut.push(`${entry.file}: ${why}`);
    return plan.templates.size > 0 ? [] : ['the plan is empty'];
  }
  if (RUNS.has(entry.runnable)) return judgeRun(platform, entry, document);
  if (runsWithImages(entry)) return judgeRun(platform, entry, document);
  const rendered = renderedProgram(entry);
  if (rendered !== undefined) return judgeProgram(entry, document, rendered);
  return plan.templates.size > 0 ? [] : ['the plan is empty'];
}

/** Its images are on this machine; what is to come of it has to be known as well. */
function runsWithImages(entry: Entry): boolean {
  if (options.executor !== 'docker') return false;
  return hasExpectedArguments(entry) || (entry.runnable === 'image' && entry.expected_state === 'SUCCEEDED');
}

function judgeRefusal(entry: Entry, bytes: Buffer): string[] {
  try {
    readDocument(bytes, entry.file);
  } catch (error) {
    if (error instanceof ProductError && error.problems.some(({ path }) => path !== '')) return [];
    return [`it is refused without naming a place: ${describe(error)}`];
  }
  return ['it was accepted, expected a problem'];
}

async function judgeRun({ engine, store }: Platform, entry: Entry, document: PipelineDocument): Promise<string[]> {
  // A namespace of its own: entries do not take each other's results from the cache.
  const run = await engine.submit({ document, arguments: await givenArguments(entry, document), namespace: entry.file });
  const limitMs = options.executor === 'docker' ? DOCKER_TIMEOUT_MS : PROCESS_TIMEOUT_MS;
  const timer = setTimeout(() => void engine.cancel(run.runId, 'took too long'), limitMs);
  const final = await engine.wait(run.runId);
  clearTimeout(timer);
  const tasks = await store.listTasks(run.runId);
  return options.executor === 'docker' && hasExpectedArguments(entry)
    ? compareArguments(entry, { run: final, tasks, dataDir })
    : compareRun({ entry, document, run: final, tasks });
}

async function givenArguments(entry: Entry, document: PipelineDocument): Promise<JsonObject> {
  // A container has a /tmp of its own, and sees nothing of ours.
  const scratch = options.executor === 'docker' ? '/tmp' : join(dataDir, 'scratch', entry.file.replaceAll('/', '_'));
  await mkdir(scratch, { recursive: true });
  return argumentsFor(entry, document, scratch);
}

/** Steps whose program exists nowhere fail in the reference with the program they would have started: `/task: exec not found: X`. */
function renderedProgram(entry: Entry): { readonly path: string; readonly program: string } | undefined {
  for (const line of entry.reference_run?.log ?? []) {
    const match = /^(\/\S+): exec not found: (.+)$/.exec(line);
    if (match) return { path: match[1]!, program: match[2]! };
  }
  return undefined;
}

async function judgeProgram(
  entry: Entry,
  document: PipelineDocument,
  expected: { readonly path: string; readonly program: string },
): Promise<string[]> {
  const { engine, store } = platform;
  const run = await engine.submit({ document, arguments: await givenArguments(entry, document), namespace: entry.file });
  await engine.wait(run.runId);
  const task = (await store.listTasks(run.runId)).find(({ path }) => path === expected.path);
  const message = task?.error?.message ?? '';
  if (task?.state === 'FAILED' && message.includes(expected.program)) return [];
  return [
    `${expected.path} is ${task?.state ?? 'absent'} with "${message.slice(0, 200)}", expected it to name the program ${expected.program}`,
  ];
}

function describe(error: unknown): string {
  if (error instanceof ProductError)
    return `${error.code}: ${error.message}${error.problems.map((problem) => `; ${formatProblem(problem)}`).join('')}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
