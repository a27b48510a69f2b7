import { resolve } from 'node:path';
import { ProductError } from '../../base/errors.ts';
import type { PipelineSpec } from '../../ir/spec.ts';
import type { RunRow } from '../../model/run.ts';
import { isFinalRun } from '../../model/states.ts';
import { EXIT, reportError, writeJson } from '../command-error.ts';
import { followRun, type StartedRun } from '../follow-run.ts';
import { loadPipeline, readDocument } from '../load-pipeline.ts';
import { readArguments } from '../read-arguments.ts';
import { runJson } from '../run-json.ts';
import { chooseOutput } from '../choose-output.ts';
import { explainLocal } from '../explain-local.ts';
import { findRun, taskAtPath } from '../find-run.ts';
import type { PlacementOptions } from '../placement-options.ts';
import { placementFrom } from '../read-placement.ts';
import type { ExecutorName, Platform } from '../../start.ts';

export interface LocalOptions extends PlacementOptions {
  readonly param?: readonly string[];
  readonly params?: string;
  readonly name?: string;
  readonly data: string;
  readonly artifacts?: string;
  readonly executor: ExecutorName;
  readonly cache: boolean;
  readonly json?: true;
  readonly resume?: string;
  readonly fromTask?: string;
  readonly clone?: string;
  readonly explain?: true;
  readonly priority?: number;
}

/** Opening a data folder takes up every run whose command was killed; so many are named. */
const MAX_UNFINISHED_TOLD = 10;

/** `pipewright local`: runs a pipeline to its end in this process. Returns the exit code; throws ProductError on bad input. */
export async function local(file: string | undefined, options: LocalOptions): Promise<number> {
  checkUsage(file, options);
  const placed = placementFrom(options);
  if (options.explain) return explainLocal(file!, options, placed);
  const output = chooseOutput({ json: options.json === true });
  // Read before the platform is opened: a mistake in the file is told at once.
  const submission = file === undefined ? undefined : await readSubmission(file, options, output.note);
  const { checkRules, openPlatform } = await import('../../start.ts');
  if (submission && placed.rules) await checkRules(submission.document, placed.rules);
  const dataDir = resolve(options.data);
  const onWait = () => output.note(`another run uses ${dataDir}; waiting for its end (--data DIR takes another folder)`);
  const kept = options.artifacts === undefined ? {} : { artifacts: options.artifacts };
  // Whoever waits for the run is told.
  const onFatal = () => {};
  const onStoreFull = (error: Error | undefined) =>
    output.note(error ? `${error.message}; the run waits until there is space` : 'there is space again: the run goes on');
  const told = { onWait, onFatal, onStoreFull };
  await using platform = await openPlatform({ dataDir, executor: options.executor, ...placed, ...kept, ...told });
  const followed = followRun(platform, output);
  const unfinished = await platform.store.listRuns({ states: ['PENDING', 'RUNNING'], limit: MAX_UNFINISHED_TOLD });
  const started = await startRun(platform, submission, options);
  for (const { runId, displayName } of unfinished) {
    if (runId === started.run.runId) continue;
    output.note(`an earlier run goes on as well: ${displayName}; to follow it: pipewright local --resume ${runId.slice(0, 8)}`);
  }
  const ended = await followed.untilFinal(started).catch((error: unknown) => {
    // Not bad input: the machine failed the run, which can go on once that is repaired.
    reportError(error, { json: options.json === true });
    output.note(`then go on with: pipewright local --resume ${started.run.runId.slice(0, 8)}`);
  });
  if (!ended) return EXIT.runFailed;
  const { run: final, interrupted } = ended;
  if (options.json) {
    const { store } = platform;
    const rows = { tasks: await store.listTasks(final.runId), attempts: await store.listAttempts(final.runId) };
    writeJson(runJson(final, rows, started.spec));
  }
  if (interrupted) return EXIT.interrupted;
  return final.state === 'SUCCEEDED' ? EXIT.ok : EXIT.runFailed;
}

function checkUsage(file: string | undefined, options: LocalOptions): void {
  const sources = [file, options.resume, options.clone].filter((source) => source !== undefined);
  const fail = (message: string) => {
    throw new ProductError('INVALID_USAGE', message, { hint: 'See: pipewright local --help' });
  };
  if (sources.length === 0) fail('give a pipeline file, --resume RUN or --clone RUN');
  if (sources.length > 1) fail('give only one of: a pipeline file, --resume, --clone');
  if (options.fromTask !== undefined && options.resume === undefined) fail('--from-task goes with --resume RUN');
  if (options.explain && file === undefined) fail('--explain goes with a pipeline file');
  const hasArguments = options.param !== undefined || options.params !== undefined;
  if (options.resume !== undefined && hasArguments)
    fail('a resumed run keeps its arguments; to change them use --clone RUN -p name=value');
}

type Submission = Parameters<Platform['engine']['submit']>[0];

async function readSubmission(file: string, options: LocalOptions, note: (text: string) => void): Promise<Submission> {
  const document = await loadPipeline(file, note);
  return {
    document,
    arguments: await readArguments(givenArguments(options), document.spec.root.inputDefinitions.parameters),
    ...(options.name === undefined ? {} : { displayName: options.name }),
    settings: {
      ...(options.cache ? {} : { useCache: false }),
      ...(options.priority === undefined ? {} : { priority: options.priority }),
    },
  };
}

interface RunOfPipeline extends StartedRun {
  readonly spec: PipelineSpec;
}

async function startRun(platform: Platform, submission: Submission | undefined, options: LocalOptions): Promise<RunOfPipeline> {
  const { engine, store } = platform;
  if (submission) return { run: await engine.submit(submission), spec: submission.document.spec, earlier: [] };
  const original = await findRun(store, options.resume ?? options.clone!);
  const spec = await pipelineOf(store, original);
  if (options.resume !== undefined) {
    const earlier = await store.listTasks(original.runId);
    // Opening the data folder has taken a run up that was killed: there is nothing to start, only to follow.
    const isOnItsWay = !isFinalRun(original.state) && original.state !== 'CANCELING';
    if (isOnItsWay && options.fromTask === undefined) return { run: original, spec, earlier };
    // It was left while its steps were being ended.
    if (original.state === 'CANCELING') await engine.wait(original.runId);
    const fromTask = options.fromTask === undefined ? {} : { fromTask: taskAtPath(earlier, options.fromTask).task };
    return { run: await engine.resume(original.runId, fromTask), spec, earlier };
  }
  const changed = await readArguments(givenArguments(options), spec.root.inputDefinitions.parameters);
  const named = options.name === undefined ? {} : { displayName: options.name };
  return { run: await engine.clone(original.runId, { arguments: changed, ...named }), spec, earlier: [] };
}

function givenArguments(options: LocalOptions): Parameters<typeof readArguments>[0] {
  return { pairs: options.param ?? [], ...(options.params === undefined ? {} : { file: options.params }) };
}

/** The pipeline of an earlier run, as it was recorded. */
async function pipelineOf(store: Platform['store'], run: RunRow): Promise<PipelineSpec> {
  const body = await store.loadDocument(run.documentDigest);
  if (body !== undefined) return readDocument(Buffer.from(body), `the pipeline of run ${run.runId}`).spec;
  throw new ProductError('NOT_FOUND', `the pipeline of run ${run.runId} is no longer stored`);
}
