/** The package entry `pipewright/testing`: pipelines run in a test, with chosen steps replaced. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLocalArtifactStore } from '../artifacts/local/local-artifact-store.ts';
import { systemClock } from '../base/clock.ts';
import { ProductError } from '../base/errors.ts';
import { systemIds } from '../base/ids.ts';
import type { JsonObject, JsonValue } from '../base/json.ts';
import { compilePipeline } from '../compiler/compile-pipeline.ts';
import { Engine } from '../engine/engine.ts';
import type { TaskError } from '../model/outcome.ts';
import type { RunRow, TaskRow, TaskValues } from '../model/run.ts';
import type { TaskState } from '../model/states.ts';
import type { PipelineDefinition } from '../sdk/pipeline-definition.ts';
import { openSqliteStore } from '../store/sqlite/sqlite-store.ts';
import { InMemoryExecutor, type StepArtifact, type StepStandIn } from './in-memory-executor.ts';
import { stepAt, stepNames } from './step-definitions.ts';

export type { StepArtifact, StepInputs, StepResult, StepStandIn } from './in-memory-executor.ts';

export interface RunInMemoryOptions {
  /** Arguments of the run. */
  readonly arguments?: JsonObject;
  /**
   * What stands in for steps: by path (`inner/train` for a task of a nested pipeline), by task key (`train-2`), or by the name of
   * the component for all its tasks. TypeScript functions that are not replaced run as they are; programs have to be replaced.
   */
  readonly replace?: Readonly<Record<string, StepStandIn>>;
}

export interface InMemoryRun extends AsyncDisposable {
  readonly state: RunRow['state'];
  readonly error: TaskError | undefined;
  readonly outputs: Outcome;
  /** By path: `/for-loop-1[0]/train`. */
  readonly tasks: Readonly<Record<string, InMemoryTask>>;
  /** The text of an artifact. Files live until the run is disposed of. */
  read(artifact: { readonly uri: string }): Promise<string>;
}

export interface Outcome {
  readonly parameters: Readonly<Record<string, JsonValue>>;
  readonly artifacts: Readonly<Record<string, readonly StepArtifact[]>>;
}

export interface InMemoryTask {
  readonly state: TaskState;
  readonly attempts: number;
  readonly inputs: Outcome;
  readonly outputs: Outcome;
  readonly error: TaskError | undefined;
}

/** What `pipeline(…)` returns. */
interface AnyPipeline {
  readonly pipeline: PipelineDefinition;
}

/** Runs a pipeline on the real engine, in this process and without a data folder. */
export async function runInMemory(pipeline: AnyPipeline, options: RunInMemoryOptions = {}): Promise<InMemoryRun> {
  const { replace = {} } = options;
  const { document, problems } = compilePipeline(pipeline.pipeline);
  if (document === undefined)
    throw new ProductError('INVALID_PIPELINE', `the pipeline "${pipeline.pipeline.name}" cannot be compiled`, { problems });
  checkReplaced(pipeline, replace);
  const folder = await mkdtemp(join(tmpdir(), 'pipewright-test-'));
  const dispose = () => rm(folder, { recursive: true, force: true });
  try {
    const artifacts = openLocalArtifactStore({ root: folder });
    await using store = await openSqliteStore({ file: ':memory:' });
    const executor = new InMemoryExecutor({ clock: systemClock, find: ({ path }) => standIn(pipeline, replace, path) });
    const onFatal = (error: unknown) => {
      throw error;
    };
    await using engine = new Engine({ store, artifacts, executor, clock: systemClock, ids: systemIds, onFatal });
    await engine.start();
    const run = await engine.submit({ document, arguments: options.arguments ?? {}, settings: { useCache: false } });
    const final = await engine.wait(run.runId);
    const tasks = await store.listTasks(run.runId);
    return {
      state: final.state,
      error: final.error,
      outputs: outcome(final.outputs),
      tasks: Object.fromEntries(tasks.map((task) => [task.path, taskOf(task)])),
      read: ({ uri }) => readFile(uri, 'utf8'),
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

function standIn(pipeline: AnyPipeline, replace: Readonly<Record<string, StepStandIn>>, path: string): StepStandIn | undefined {
  const step = stepAt(pipeline.pipeline, path);
  if (step === undefined) return undefined;
  const own = step.names.map((name) => replace[name]).find((found) => found !== undefined);
  if (own !== undefined) return own;
  const { implementation } = step.definition;
  return implementation.kind === 'container' ? implementation.inProcess : undefined;
}

/** A stand-in for a step that does not exist would never be called, and the test would test nothing. */
function checkReplaced(pipeline: AnyPipeline, replace: Readonly<Record<string, StepStandIn>>): void {
  const steps = stepNames(pipeline.pipeline);
  const known = new Set(steps.flat());
  const unknown = Object.keys(replace).find((name) => !known.has(name));
  if (unknown === undefined) return;
  throw new ProductError('INVALID_USAGE', `the pipeline has no step "${unknown}" to replace`, {
    hint: `it has ${steps.map(([name]) => name).join(', ')}`,
  });
}

function taskOf({ state, attempts, inputs, outputs, error }: TaskRow): InMemoryTask {
  return { state, attempts, inputs: outcome(inputs), outputs: outcome(outputs), error: error ?? undefined };
}

function outcome(values: TaskValues | null | undefined): Outcome {
  const artifacts = Object.entries(values?.artifacts ?? {}).map(([name, list]): [string, readonly StepArtifact[]] => [
    name,
    list.map(({ name: own, uri, type, metadata }) => ({ name: own, uri, path: uri, type: type.schemaTitle ?? '', metadata })),
  ]);
  return { parameters: values?.parameters ?? {}, artifacts: Object.fromEntries(artifacts) };
}
