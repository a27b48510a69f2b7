import { mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../base/json.ts';
import { CAPABILITIES } from '../executors/capabilities.ts';
import type { Executor, Observation, TaskLaunch } from '../executors/executor.ts';
import type { AttemptOutcome, TaskOutputs } from '../model/outcome.ts';

/** What a step does in a test: its outputs by name, or nothing for a step without outputs. Throwing fails the step. */
export type StepStandIn = (inputs: StepInputs, outputs: PlannedArtifacts) => StepResult | Promise<StepResult>;

/** Where the output artifacts of the step go. */
export type PlannedArtifacts = Readonly<Record<string, { readonly name: string; readonly uri: string }>>;

export type StepInputs = Readonly<Record<string, JsonValue | StepArtifact | readonly StepArtifact[]>>;

export interface StepArtifact {
  readonly name: string;
  readonly uri: string;
  readonly path: string;
  readonly type: string;
  readonly metadata: JsonObject;
}

/**
 * Parameters as values. An artifact is the text of its file, or its text and metadata; `undefined` for one that is only
 * declared.
 */
export type StepResult = Readonly<Record<string, unknown>> | void;

/** How the executor knows what a step does: absent when it has nothing to run for it. */
export type FindStandIn = (launch: TaskLaunch) => StepStandIn | undefined;

const SLOTS = 1000;

/** Runs steps as functions of this process. */
export class InMemoryExecutor implements Executor {
  readonly name = 'in-memory';
  readonly capabilities = { ...CAPABILITIES.nope, survivesRestart: false };
  readonly #find: FindStandIn;
  readonly #clock: Clock;
  readonly #canceled = new Set<string>();
  readonly #launched = new Set<string>();
  #observe: (observation: Observation) => void = () => {};

  constructor(options: { readonly find: FindStandIn; readonly clock: Clock }) {
    this.#find = options.find;
    this.#clock = options.clock;
  }

  capacity() {
    return { slots: SLOTS, cpuMillis: SLOTS * 1000, memoryBytes: Number.MAX_SAFE_INTEGER, accelerators: {} };
  }

  async start(observe: (observation: Observation) => void): Promise<void> {
    this.#observe = observe;
  }

  launch(launch: TaskLaunch): void {
    if (this.#launched.has(launch.attemptId)) return;
    this.#launched.add(launch.attemptId);
    const startedAtMs = this.#clock.now();
    void this.#outcome(launch).then((outcome) => {
      const kept: AttemptOutcome = this.#canceled.has(launch.attemptId) ? { kind: 'canceled' } : outcome;
      this.#observe({ kind: 'finished', attemptId: launch.attemptId, outcome: kept, startedAtMs, endedAtMs: this.#clock.now() });
    });
  }

  reattach(launch: TaskLaunch): void {
    this.launch(launch);
  }

  cancel(attemptId: string): void {
    this.#canceled.add(attemptId);
  }

  async stop(): Promise<void> {}

  async #outcome(launch: TaskLaunch): Promise<AttemptOutcome> {
    try {
      const standIn = this.#find(launch);
      if (standIn === undefined) {
        const hint = `replace: { '${launch.taskKey}': (inputs) => ({ … }) }`;
        return failed(`the step ${launch.path} runs a program, and nothing stands in for it`, hint);
      }
      return {
        kind: 'succeeded',
        outputs: await outputsOf(launch, (await standIn(inputsOf(launch), launch.outputs.artifacts)) ?? {}),
      };
    } catch (error) {
      return {
        kind: 'failed',
        error: { code: 1, cause: 'step', message: error instanceof Error ? error.message : String(error) },
      };
    }
  }
}

function failed(message: string, hint: string): AttemptOutcome {
  return { kind: 'failed', error: { code: 1, cause: 'input', message, hint } };
}

function inputsOf({ inputs }: TaskLaunch): StepInputs {
  const artifacts = Object.entries(inputs.artifacts).map(([name, list]): [string, StepArtifact | readonly StepArtifact[]] => {
    const all = list.map(({ name: own, uri, type, metadata }) => ({
      name: own,
      uri,
      path: uri,
      type: type.schemaTitle ?? '',
      metadata,
    }));
    return [name, all.length === 1 ? all[0]! : all];
  });
  return { ...inputs.parameters, ...Object.fromEntries(artifacts) };
}

async function outputsOf({ outputs, path }: TaskLaunch, given: Readonly<Record<string, unknown>>): Promise<TaskOutputs> {
  const parameters: Record<string, JsonValue> = {};
  for (const name of Object.keys(outputs.parameters)) {
    if (given[name] === undefined) throw new Error(`what stands in for ${path} gives no output "${name}"`);
    parameters[name] = given[name] as JsonValue;
  }
  const artifacts: Record<string, TaskOutputs['artifacts'][string]> = {};
  for (const [name, planned] of Object.entries(outputs.artifacts)) {
    const { content, metadata } = written(given[name]);
    if (content !== undefined) {
      await mkdir(dirname(planned.uri), { recursive: true });
      await writeFile(planned.uri, content);
    }
    const size = await stat(planned.uri).then(
      (found) => ({ sizeBytes: found.size }),
      () => ({}),
    );
    artifacts[name] = [{ uri: planned.uri, metadata: { ...planned.metadata, ...metadata }, ...size }];
  }
  const unknown = Object.keys(given).find((name) => !(name in outputs.parameters) && !(name in outputs.artifacts));
  if (unknown !== undefined) throw new Error(`what stands in for ${path} gives "${unknown}", which is not an output of it`);
  return { parameters, artifacts };
}

function written(value: unknown): { readonly content?: string | Uint8Array; readonly metadata: JsonObject } {
  if (typeof value === 'string' || value instanceof Uint8Array) return { content: value, metadata: {} };
  if (!isJsonObject(value)) return { metadata: {} };
  const { content, metadata } = value as { readonly content?: string; readonly metadata?: JsonObject };
  return { ...(content === undefined ? {} : { content }), metadata: metadata ?? {} };
}
