import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLocalArtifactStore } from '../../src/artifacts/local/local-artifact-store.ts';
import type { ArtifactStore } from '../../src/artifacts/artifact-store.ts';
import { derivedUuid } from '../../src/base/ids.ts';
import type { Executor, LaunchPlatform, Observation, PlannedArtifact, TaskLaunch } from '../../src/executors/executor.ts';

export type Finished = Extract<Observation, { kind: 'finished' }>;

/** Opens an executor that has not been started; the bench stops it. */
export type OpenExecutor = (host: { readonly dataDir: string; readonly artifacts: ArtifactStore }) => Executor;

export const PLAIN: LaunchPlatform = {
  mounts: [],
  secretEnv: [],
  fieldPathEnv: [],
  labels: {},
  annotations: {},
  nodeSelector: {},
  tolerations: [],
  imagePullSecrets: [],
  initContainers: [],
  workspace: false,
};

/** An executor on a data folder of its own, with everything it has observed. */
export class Bench implements AsyncDisposable {
  readonly dataDir: string;
  readonly artifacts: ArtifactStore;
  readonly executor: Executor;
  readonly observations: Observation[] = [];
  readonly #ownsFolder: boolean;
  #waiting: (() => void)[] = [];
  #next = 0;

  private constructor(open: OpenExecutor, dataDir: string | undefined) {
    this.#ownsFolder = dataDir === undefined;
    this.dataDir = dataDir ?? mkdtempSync(join(tmpdir(), 'pipewright-executor-'));
    this.artifacts = openLocalArtifactStore({ root: join(this.dataDir, 'artifacts') });
    this.executor = open({ dataDir: this.dataDir, artifacts: this.artifacts });
  }

  /** `dataDir` default: a fresh folder, removed at the end. */
  static async open(open: OpenExecutor, options: { readonly dataDir?: string } = {}): Promise<Bench> {
    const bench = new Bench(open, options.dataDir);
    await bench.executor.start((observation) => {
      bench.observations.push(observation);
      const waiting = bench.#waiting;
      bench.#waiting = [];
      for (const wake of waiting) wake();
    });
    return bench;
  }

  /** A step of run `run`: a shell script, with whatever `changes` says. */
  step(script: string, changes: Partial<TaskLaunch> = {}): TaskLaunch {
    const number = this.#next++;
    const runId = changes.runId ?? 'run';
    const taskId = `${runId}.${number}`;
    const taskUuid = derivedUuid(taskId);
    const root = join(this.dataDir, 'artifacts');
    return {
      attemptId: `${taskId}.0`,
      runId,
      taskId,
      taskUuid,
      attempt: 0,
      taskKey: 'step',
      path: '/step',
      run: {
        pipelineName: 'pipeline',
        displayName: 'A run',
        resourceName: 'pipeline-run',
        pipelineRoot: root,
        createdAtMs: 1_700_000_000_000,
        scheduledAtMs: 1_700_000_000_000,
      },
      image: 'alpine',
      command: ['sh', '-c', script],
      args: [],
      env: [],
      hasRetryPolicy: false,
      inputs: { parameters: {}, artifacts: {} },
      outputs: { parameters: {}, artifacts: {} },
      taskRoot: `${root}/pipeline/${runId}/step/${taskUuid}`,
      resources: {},
      platform: PLAIN,
      ...changes,
    };
  }

  async run(launch: TaskLaunch): Promise<Finished> {
    this.executor.launch(launch);
    return this.finished(launch.attemptId);
  }

  finished(attemptId: string): Promise<Finished> {
    return this.until(() =>
      this.observations.find((seen): seen is Finished => seen.kind === 'finished' && seen.attemptId === attemptId),
    );
  }

  /** Waits until `find` finds something; asks after every observation and every few milliseconds. */
  async until<T>(find: () => T | undefined): Promise<T> {
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 20);
        this.#waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.executor.stop({ cancelRunning: true });
    if (this.#ownsFolder) rmSync(this.dataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  }
}

/** As the SDK 2.3 and newer compiles a Python function without packages; `lines` begin with its `def`. */
export function pythonCommand(functionName: string, lines: readonly string[]): Pick<TaskLaunch, 'command' | 'args'> {
  const source = ['import kfp', 'from kfp import dsl', 'from kfp.dsl import *', 'from typing import *', '', ...lines, ''].join(
    '\n',
  );
  const boot = [
    '',
    'program_path=$(mktemp -d)',
    '',
    'printf "%s" "$0" > "$program_path/ephemeral_component.py"',
    '_KFP_RUNTIME=true python3 -m kfp.dsl.executor_main --component_module_path "$program_path/ephemeral_component.py" "$@"',
    '',
  ].join('\n');
  return {
    command: ['sh', '-ec', boot, source],
    args: ['--executor_input', '{{$}}', '--function_to_execute', functionName],
  };
}

export function planned(launch: TaskLaunch, name: string): PlannedArtifact {
  return {
    id: `${launch.taskUuid}-${name}`,
    name,
    uri: `${launch.taskRoot}/${name}`,
    type: { schemaTitle: 'system.Dataset', schemaVersion: '0.0.1' },
    metadata: { planned: 1 },
  };
}

export function withArtifact(launch: TaskLaunch, name: string): TaskLaunch {
  return { ...launch, outputs: { ...launch.outputs, artifacts: { [name]: planned(launch, name) } } };
}

/** Parameter files are kept for a while, and empty work folders for the next steps. */
export function workFiles({ dataDir }: Bench): string[] {
  const entries = readdirSync(join(dataDir, 'work'), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => !entry.isDirectory() && !entry.parentPath.endsWith('.out')).map(({ name }) => name);
}
