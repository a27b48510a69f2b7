/**
 * Going on with a final run. What succeeded is kept; what failed, was cancelled or was never reached is reset, and everything
 * that depends on it. Re-running from a task resets that task and its dependents too, whether they succeeded or not.
 */
import { assert } from '../base/assert.ts';
import { isFinalRun, isGoodTask } from '../model/states.ts';
import { type Decision, touch } from './effects.ts';
import { listLoop } from './loop-list.ts';
import { startIteration } from './loops.ts';
import type { TaskInstance } from './run-data.ts';

export function resumeRun(decision: Decision, fromTask: number | undefined): void {
  const { run } = decision;
  if (!isFinalRun(run.state)) return;
  const from = (fromTask === undefined ? undefined : run.tasks[fromTask]) ?? null;
  const root = run.tasks[0]!;
  if (!from && isGoodTask(root.state)) return;
  run.state = 'RUNNING';
  run.endedAtMs = null;
  run.deadlineFromMs = decision.nowMs;
  run.error = null;
  run.canceling = null;
  run.openLoops = [];
  run.resumedFrom = from;
  if (from === root) resetWhole(decision, root, { skipCache: true });
  else if (root.children.length === 0) resetWhole(decision, root, { skipCache: false });
  else reopen(decision, root, from);
  if (root.phase === 'waiting') decision.toStart.push(root);
}

/** Opens a scope or loop again and resets what is in it as far as needed. */
function reopen(decision: Decision, task: TaskInstance, from: TaskInstance | null): void {
  task.phase = 'open';
  task.state = 'RUNNING';
  task.endedAtMs = null;
  task.error = null;
  task.reason = null;
  task.outputs = null;
  task.failedChild = null;
  task.canceledChild = false;
  touch(decision, task);
  if (task.isLoop) reopenLoop(decision, task, from);
  else reopenScope(decision, task, from);
  if (task.unfinished === 0) decision.toClose.push(task);
}

function reopenScope(decision: Decision, scope: TaskInstance, from: TaskInstance | null): void {
  scope.unfinished = 0;
  const again = new Set<number>();
  // Children are in topological order, so what a child depends on has been looked at before it.
  for (const [index, child] of scope.children.entries()) {
    assert(child?.planTask, 'all tasks of an opened scope have instances');
    const upstreamReset = child.planTask.dependencies.some((dependency) => again.has(dependency));
    if (!upstreamReset && !needsReset(child) && !contains(child, from)) continue;
    again.add(index);
    scope.unfinished += 1;
    if (child === from) resetWhole(decision, child, { skipCache: true });
    else if (!upstreamReset && child.children.length > 0) {
      reopen(decision, child, from);
      continue;
    } else resetWhole(decision, child, { skipCache: false });
    countDependencies(scope, child);
    if (child.pending === 0) decision.toStart.push(child);
  }
}

/** Iterations that must run again wait for their turn like new ones: the loop's limit holds for them too. */
function reopenLoop(decision: Decision, task: TaskInstance, from: TaskInstance | null): void {
  const loop = task.loop!;
  loop.live = 0;
  loop.listed = false;
  loop.again = [];
  for (const child of task.children) {
    if (!child || (!needsReset(child) && !contains(child, from))) continue;
    loop.again.push(child.iteration!);
    child.phase = 'waiting';
    child.state = 'PENDING';
    touch(decision, child);
  }
  task.unfinished = loop.items.length - loop.next + loop.again.length;
  listLoop(decision.run, task);
}

export function reopenIteration(decision: Decision, child: TaskInstance): void {
  const from = decision.run.resumedFrom;
  if (child !== from && child.children.length > 0) return reopen(decision, child, from);
  resetWhole(decision, child, { skipCache: child === from });
  startIteration(decision, child);
}

/** Condition-false tasks and those behind them stay SKIPPED; a skip that was caused by a failure is undone with it. */
function needsReset(task: TaskInstance): boolean {
  return task.phase !== 'final' || !(isGoodTask(task.state) || (task.state === 'SKIPPED' && !task.upstreamFailed));
}

function contains(task: TaskInstance, from: TaskInstance | null): boolean {
  for (let node: TaskInstance | null = from; node; node = node.parent) if (node === task) return true;
  return false;
}

/** Back to the state before its start, as a new generation: it writes new artifacts and counts its failures from zero. */
function resetWhole(decision: Decision, task: TaskInstance, { skipCache }: { readonly skipCache: boolean }): void {
  for (const child of task.children) if (child) removeInstance(decision, child);
  task.children = [];
  task.phase = 'waiting';
  task.state = 'PENDING';
  task.generation += 1;
  task.startedAtMs = null;
  task.endedAtMs = null;
  task.pending = 0;
  task.blockedBy = null;
  task.upstreamFailed = false;
  if (task.parent) task.inputs = null;
  task.outputs = null;
  task.error = null;
  task.reason = null;
  task.unfinished = 0;
  task.failedChild = null;
  task.canceledChild = false;
  task.loop = null;
  task.failures = 0;
  task.systemFailures = 0;
  task.firstLaunchedAtMs = null;
  task.retryAtMs = null;
  task.cacheKey = null;
  task.cachedFrom = null;
  task.skipCache = skipCache;
  touch(decision, task);
}

function removeInstance(decision: Decision, task: TaskInstance): void {
  const { run, effects } = decision;
  for (const child of task.children) if (child) removeInstance(decision, child);
  run.tasks[task.number] = undefined;
  effects.touched.get(run)?.delete(task);
  effects.removed.push({ runId: run.definition.runId, task: task.number });
}

/** Counts what a reset task waits for; kept dependencies that were skipped block it as they did the first time. */
function countDependencies(scope: TaskInstance, task: TaskInstance): void {
  for (const index of task.planTask!.dependencies) {
    const dependency = scope.children[index]!;
    if (dependency.phase !== 'final') task.pending += 1;
    else if (!isGoodTask(dependency.state)) task.blockedBy = { key: dependency.planTask!.key, failed: dependency.upstreamFailed };
  }
}
