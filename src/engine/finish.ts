/** How a task becomes final, and what that means for its parent and for those who wait for it. */
import { assert } from '../base/assert.ts';
import type { TaskError } from '../model/outcome.ts';
import { isFinalTask, isGoodTask, type TaskState } from '../model/states.ts';
import { type Decision, touch } from './effects.ts';
import { iterationEnded } from './loop-list.ts';
import { closeRun } from './run-end.ts';
import type { TaskInstance, Values } from './run-data.ts';

interface Ending {
  readonly outputs?: Values;
  readonly error?: TaskError;
  readonly reason?: string;
  readonly endedAtMs?: number;
}

/** Makes a task final and tells those who wait for it. */
export function finishTask(decision: Decision, task: TaskInstance, state: TaskState, ending: Ending = {}): void {
  assert(isFinalTask(state) && task.phase !== 'final', `task ${task.number} becomes final once`);
  if (task.phase === 'ready') decision.run.readyLeaves -= 1;
  task.phase = 'final';
  task.state = state;
  task.outputs = ending.outputs ?? null;
  task.error = ending.error ?? null;
  // Of a step that ran, why it was not taken from the cache stays known.
  task.reason = ending.reason ?? (state === 'SUCCEEDED' ? task.reason : null);
  task.endedAtMs = ending.endedAtMs ?? decision.nowMs;
  task.retryAtMs = null;
  touch(decision, task);
  if (!task.parent) return closeRun(decision, task);
  tellParent(decision, task, task.parent);
  if (!task.parent.isLoop) tellDependents(decision, task, task.parent);
}

function tellParent(decision: Decision, task: TaskInstance, parent: TaskInstance): void {
  parent.unfinished -= 1;
  if (task.state === 'FAILED') parent.failedChild ??= task;
  if (task.state === 'CANCELED') parent.canceledChild = true;
  if (parent.isLoop) iterationEnded(decision, parent);
  if (parent.unfinished === 0) decision.toClose.push(parent);
}

function tellDependents(decision: Decision, task: TaskInstance, scope: TaskInstance): void {
  const failed = !isGoodTask(task.state) && (task.state !== 'SKIPPED' || task.upstreamFailed);
  for (const index of task.planTask!.dependents) {
    const dependent = scope.children[index]!;
    if (!isGoodTask(task.state) && (!dependent.blockedBy || (failed && !dependent.blockedBy.failed))) {
      dependent.blockedBy = { key: task.planTask!.key, failed };
    }
    dependent.pending -= 1;
    if (dependent.pending === 0) decision.toStart.push(dependent);
  }
}

export const inputError = (message: string): TaskError => ({ code: 1, message, cause: 'input' });

export function failTask(decision: Decision, task: TaskInstance, error: TaskError): void {
  finishTask(decision, task, 'FAILED', { error });
}
