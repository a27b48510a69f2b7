import { readPipelineDocument } from '../../src/ir/read.ts';
import type { ComponentSpec, PipelineDocument, TaskSpec } from '../../src/ir/spec.ts';
import type { TaskLaunch } from '../../src/executors/executor.ts';
import type { RunRow, TaskRow } from '../../src/model/run.ts';
import { isFinalRun, isFinalTask, isGoodTask, type TaskState } from '../../src/model/states.ts';
import { foldRun } from '../../src/engine/new-run.ts';
import { planPipeline } from '../../src/engine/plan-pipeline.ts';
import { taskRow } from '../../src/engine/rows.ts';
import type { Store } from '../../src/store/store.ts';
import type { SimWorld } from './sim-executor.ts';

/** Watches a simulation and says what should never have happened. Written against the pipeline, not against the engine. */
export class InvariantChecker {
  readonly #document: PipelineDocument;
  readonly #world: SimWorld;
  readonly #states = new Map<string, TaskState>();

  constructor(document: PipelineDocument, world: SimWorld) {
    this.#document = document;
    this.#world = world;
    world.onStart = (launch) => this.#checkStart(launch);
  }

  see(tasks: readonly TaskRow[]): void {
    for (const { path, state, kind, iteration } of tasks)
      if (kind !== 'loop' || iteration !== null) this.#states.set(path, state);
    for (const { path, state, kind } of tasks) if (kind === 'loop') this.#states.set(path, state);
  }

  /** A step starts only after its upstreams, at every level above it, and never over a loop's parallelism limit. */
  #checkStart(launch: TaskLaunch): void {
    const segments = launch.path.slice(1).split('/');
    let component: ComponentSpec = this.#document.spec.root;
    let prefix = '';
    for (const segment of segments) {
      const key = segment.replace(/\[\d+\]$/, '');
      const task: TaskSpec = component.dag!.tasks[key]!;
      for (const upstream of task.dependentTasks) this.#checkUpstream(launch, task, `${prefix}/${upstream}`);
      const limit = task.iterator?.parallelismLimit ?? 0;
      if (limit > 0) this.#checkParallelism(`${prefix}/${key}[`, limit, `${prefix}/${segment}`);
      prefix = `${prefix}/${segment}`;
      component = this.#document.spec.components[task.componentName]!;
    }
  }

  #checkUpstream(launch: TaskLaunch, task: TaskSpec, upstreamPath: string): void {
    const state = this.#states.get(upstreamPath);
    const needed = task.trigger.strategy === 'ALL_UPSTREAM_TASKS_COMPLETED' ? 'final' : 'succeeded';
    const holds = state !== undefined && (needed === 'final' ? isFinalTask(state) : isGoodTask(state));
    if (!holds)
      this.#world.violations.push(
        `${launch.path} started although ${upstreamPath} is ${state ?? 'not known'} and must be ${needed}`,
      );
  }

  #checkParallelism(loopPrefix: string, limit: number, starting: string): void {
    const live = new Set([starting]);
    for (const { launch, ended } of this.#world.steps.values()) {
      if (!ended && launch.path.startsWith(loopPrefix))
        live.add(launch.path.slice(0, launch.path.indexOf(']', loopPrefix.length) + 1));
    }
    if (live.size > limit)
      this.#world.violations.push(`${loopPrefix}…] has ${live.size} iterations at once, the limit is ${limit}`);
  }

  async final(run: RunRow, tasks: readonly TaskRow[], store: Store): Promise<readonly string[]> {
    const violations: string[] = [];
    if (!isFinalRun(run.state)) violations.push(`the run is ${run.state} at the end`);
    for (const task of tasks) if (!isFinalTask(task.state)) violations.push(`${task.path} is ${task.state} in a final run`);
    violations.push(...(await this.#foldDiffers(run, tasks, store)));
    return violations;
  }

  /** What is recorded of each task is what its run's events fold to. */
  async #foldDiffers(run: RunRow, tasks: readonly TaskRow[], store: Store): Promise<readonly string[]> {
    const { document } = readPipelineDocument((await store.loadDocument(run.documentDigest))!);
    const folded = foldRun(run, document!, planPipeline(document!), await store.loadEvents(run.runId));
    const violations: string[] = [];
    for (const row of tasks) {
      const instance = folded.tasks[row.task];
      const again = instance && taskRow(folded, instance);
      const summary = (of: TaskRow) => JSON.stringify([of.path, of.state, of.attempts, of.outputs, of.error]);
      if (!again || summary(again) !== summary(row))
        violations.push(`${row.path} is recorded as ${summary(row)} and folds to ${again ? summary(again) : 'nothing'}`);
    }
    return violations;
  }
}
