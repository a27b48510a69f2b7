/**
 * The state of a run in memory: a tree of task instances.
 *
 * Owned by decide: it alone edits these objects, in place, because copying a tree of 10,000 instances for each event would
 * make an event cost O(run size). It stays a pure function in every way that matters: the same run, event and time give
 * the same result, and the state is always the fold of the recorded events (tested by folding again).
 */
import { derivedUuid } from '../base/ids.ts';
import type { JsonValue } from '../base/json.ts';
import type { RunFacts } from '../executors/executor.ts';
import type { RetryPolicy } from '../ir/spec.ts';
import type { Artifact } from '../model/artifact.ts';
import type { TaskError } from '../model/outcome.ts';
import type { RunDefinition } from '../model/run.ts';
import type { Placement } from '../model/placement.ts';
import type { RunState, TaskState } from '../model/states.ts';
import type { Plan, PlanTask, Template } from './plan.ts';

export interface Values {
  readonly parameters: Readonly<Record<string, JsonValue>>;
  readonly artifacts: Readonly<Record<string, readonly Artifact[]>>;
}

export const NO_VALUES: Values = { parameters: {}, artifacts: {} };

/** Where an unfinished task stands between events; what is owed to it after a restart follows from this. */
export type Phase =
  /** Dependencies are not final yet. */
  | 'waiting'
  /** A scope or loop with unfinished children. */
  | 'open'
  /** A leaf whose fingerprint is being looked up, or which waits for capacity. */
  | 'ready'
  /** An attempt is with the executor. */
  | 'running'
  /** An attempt failed; the next starts when the backoff is over. */
  | 'backoff'
  /** An importer or resolver that waits for the store's answer. */
  | 'finding'
  | 'suspended'
  | 'final';

export interface TaskInstance {
  /** Number in the run, in order of creation; the root is 0. */
  readonly number: number;
  readonly parent: TaskInstance | null;
  /** Null for the root. */
  readonly planTask: PlanTask | null;
  readonly template: Template;
  /** Index in the parent loop; null outside loops. */
  readonly iteration: number | null;
  /** True for the task that spreads into iterations (its children), not for the iterations. */
  readonly isLoop: boolean;
  /** Own policy or the nearest enclosing task's. */
  readonly retry: RetryPolicy | null;
  phase: Phase;
  state: TaskState;
  /** Counts resets by `resumed`, so that a task that runs again writes new artifacts. */
  generation: number;
  createdAtMs: number;
  startedAtMs: number | null;
  endedAtMs: number | null;
  /** Dependencies that are not final. */
  pending: number;
  /** The first dependency whose result keeps this task from running. */
  blockedBy: { readonly key: string; readonly failed: boolean } | null;
  /** SKIPPED because something upstream failed: dependents treat it as failed. */
  upstreamFailed: boolean;
  inputs: Values | null;
  outputs: Values | null;
  error: TaskError | null;
  reason: string | null;
  /** What a ready leaf waits for; the loop's, not part of the fold: it follows from what else runs. */
  waitsFor: string | null;
  /** Where the latest attempt was placed. */
  placement: Placement | null;

  /** Scope: by task index. Loop: by iteration, with holes for those not expanded yet. */
  children: (TaskInstance | undefined)[];
  unfinished: number;
  /** The first child that failed. */
  failedChild: TaskInstance | null;
  canceledChild: boolean;
  loop: LoopProgress | null;

  /** Attempts launched so far, over all generations. */
  attempts: number;
  /** Attempts that failed in this generation: by themselves, and by a fault of ours. */
  failures: number;
  systemFailures: number;
  firstLaunchedAtMs: number | null;
  launchedAtMs: number | null;
  retryAtMs: number | null;
  cacheKey: string | null;
  cachedFrom: string | null;
  /** Asked to run again: does not look into the cache. */
  skipCache: boolean;
}

export interface LoopProgress {
  readonly items: readonly JsonValue[] | readonly Artifact[];
  readonly limit: number;
  /** The next iteration that was never started, and those to be started again because the run was resumed. */
  next: number;
  again: number[];
  live: number;
  /** Whether the loop is in the run's list of loops that may expand. */
  listed: boolean;
}

export interface RunData {
  readonly definition: RunDefinition;
  readonly plan: Plan;
  readonly facts: RunFacts;
  readonly namespace: string;
  state: RunState;
  startedAtMs: number;
  /** What the run's time limit counts from: its start, or when it was resumed. */
  deadlineFromMs: number;
  endedAtMs: number | null;
  error: TaskError | null;
  canceling: { readonly reason: string; readonly deadline: boolean } | null;
  /** By number; removed ones leave holes. */
  tasks: (TaskInstance | undefined)[];
  /** Leaves in phase `ready`: loops expand only while this is small, so that a wide loop costs memory only for what is live. */
  readyLeaves: number;
  openLoops: TaskInstance[];
  /** The task the run was last resumed from, if it was one in particular. */
  resumedFrom: TaskInstance | null;
}

/** `<run id>.<n>`: unique in the installation and safe as a file name. */
export function taskIdOf(run: RunData, task: TaskInstance): string {
  return `${run.definition.runId}.${task.number}`;
}

/** Names the folder of the task's artifacts; a task that was reset gets another one. */
export function taskUuidOf(run: RunData, task: TaskInstance): string {
  return derivedUuid('task', run.definition.runId, task.number, task.generation);
}

export function attemptIdOf(run: RunData, task: TaskInstance): string {
  return `${run.definition.runId}.${task.number}.${task.attempts - 1}`;
}

/** `/for-loop-1[0]/train`: task keys from the root; an iteration carries its index. */
export function pathOf(task: TaskInstance): string {
  if (!task.parent) return '/';
  const segments: string[] = [];
  let node: TaskInstance = task;
  while (node.parent) {
    if (node.iteration === null) segments.push(node.planTask!.key);
    else {
      segments.push(`${node.planTask!.key}[${node.iteration}]`);
      node = node.parent; // The loop task itself has the same key as its iterations.
    }
    node = node.parent!;
  }
  return `/${segments.reverse().join('/')}`;
}
