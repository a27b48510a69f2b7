import { resolve } from 'node:path';
import { ProductError } from '../../base/errors.ts';
import type { ParameterDefinition } from '../../ir/spec.ts';
import type { RunRow, TaskRow } from '../../model/run.ts';
import { EXIT, writeJson } from '../command-error.ts';
import { followRun } from '../follow-run.ts';
import { loadPipeline } from '../load-pipeline.ts';
import { readArguments } from '../read-arguments.ts';
import { runJson } from '../run-json.ts';
import { chooseOutput } from '../choose-output.ts';
import { findRun, taskAtPath } from '../find-run.ts';
import type { Platform } from '../../start.ts';

export interface LocalOptions {
  readonly param?: readonly string[];
  readonly params?: string;
  readonly name?: string;
  readonly data: string;
  readonly executor: 'process' | 'nope';
  readonly cache: boolean;
  readonly json?: true;
  readonly resume?: string;
  readonly fromTask?: string;
  readonly clone?: string;
}

/** `pipewright local`: runs a pipeline to its end in this process. Returns the exit code; throws ProductError on bad input. */
export async function local(file: string | undefined, options: LocalOptions): Promise<number> {
  checkUsage(file, options);
  const output = chooseOutput({ json: options.json === true });
  // Read before the platform is opened: a mistake in the file is told at once.
  const submission = file === undefined ? undefined : await readSubmission(file, options, output.note);
  const { openPlatform } = await import('../../start.ts');
  await using platform = await openPlatform({ dataDir: resolve(options.data), executor: options.executor });
  const followed = followRun(platform, output);
  const { run, earlier } = await startRun(platform, submission, options);
  const { run: final, interrupted } = await followed.untilFinal(run, earlier);
  if (options.json) writeJson(runJson(final, await platform.store.listTasks(final.runId)));
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
  const hasArguments = options.param !== undefined || options.params !== undefined;
  if (options.resume !== undefined && hasArguments)
    fail('a resumed run keeps its arguments; to change them use --clone RUN -p name=value');
}

type Submission = Parameters<Platform['engine']['submit']>[0];

async function readSubmission(file: string, options: LocalOptions, note: (text: string) => void): Promise<Submission> {
  const document = await loadPipeline(file, note);
  const given = { pairs: options.param ?? [], ...(options.params === undefined ? {} : { file: options.params }) };
  return {
    document,
    arguments: await readArguments(given, document.spec.root.inputDefinitions.parameters),
    ...(options.name === undefined ? {} : { displayName: options.name }),
    settings: options.cache ? {} : { useCache: false },
  };
}

interface StartedRun {
  readonly run: RunRow;
  /** Rows of a resumed run from before it was resumed. */
  readonly earlier: readonly TaskRow[];
}

async function startRun(platform: Platform, submission: Submission | undefined, options: LocalOptions): Promise<StartedRun> {
  const { engine, store } = platform;
  if (submission) return { run: await engine.submit(submission), earlier: [] };
  if (options.resume !== undefined) {
    const { runId } = await findRun(store, options.resume);
    const earlier = await store.listTasks(runId);
    const fromTask = options.fromTask === undefined ? undefined : taskAtPath(earlier, options.fromTask);
    return { run: await engine.resume(runId, fromTask === undefined ? {} : { fromTask: fromTask.task }), earlier };
  }
  const original = await findRun(store, options.clone!);
  const given = { pairs: options.param ?? [], ...(options.params === undefined ? {} : { file: options.params }) };
  const changed = await readArguments(given, await parametersOf(store, original));
  const named = options.name === undefined ? {} : { displayName: options.name };
  return { run: await engine.clone(original.runId, { arguments: changed, ...named }), earlier: [] };
}

/** The parameters the pipeline of an earlier run declares. */
async function parametersOf(store: Platform['store'], run: RunRow): Promise<Readonly<Record<string, ParameterDefinition>>> {
  const { readPipelineDocument } = await import('../../ir/read.ts');
  const { document } = readPipelineDocument((await store.loadDocument(run.documentDigest)) ?? '');
  return document?.spec.root.inputDefinitions.parameters ?? {};
}
