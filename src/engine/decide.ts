/**
 * The heart: what follows from an event. Pure in the sense that matters (no clock, no I/O, no randomness: the same run, event
 * and time give the same result); it edits the run it is given (see run-data.ts) and adds to `effects`.
 *
 * I1. A task starts only when all its dependencies are final, and unless its trigger is `completed`, have succeeded.
 * I2. No work per event depends on the size of the run; what an event makes final or ready is all that is visited.
 * I3. An event that no longer applies (a duplicate, an attempt that was given up) changes nothing.
 * I4. A run ends when its root scope has: every task is then final.
 */
import { unreachable } from '../base/assert.ts';
import type { RecordedEvent, RunEvent } from '../model/events.ts';
import { finishAttempt, launchTask, retryTask } from './attempts.ts';
import { cancelRun } from './cancel.ts';
import { takeFoundArtifacts, takeFromCache } from './found-outputs.ts';
import { newDecision, type Decision, type Effects } from './effects.ts';
import { failTask, finishTask, inputError } from './finish.ts';
import { expandNext } from './loops.ts';
import { reopenIteration, resumeRun } from './resume.ts';
import type { RunData, TaskInstance } from './run-data.ts';
import { closeTask, enterTask, startTask } from './tasks.ts';

export function decide(run: RunData, recorded: RecordedEvent, effects: Effects): void {
  const decision = newDecision(run, recorded.atMs, effects);
  apply(decision, recorded.event);
  settle(decision);
}

/** Opens the root of a new run; like an event, but without one: it follows from the run's definition alone. */
export function beginRun(run: RunData, root: TaskInstance, effects: Effects): void {
  const decision = newDecision(run, run.definition.createdAtMs, effects);
  decision.toStart.push(root);
  settle(decision);
}

function apply(decision: Decision, event: RunEvent): void {
  switch (event.kind) {
    case 'launched':
      return withTask(decision, event.task, (task) => launchTask(decision, task, event));
    case 'finished':
      return withTask(decision, event.task, (task) => finishAttempt(decision, task, event));
    case 'cache-hit':
      return withTask(decision, event.task, (task) => takeFromCache(decision, task, event));
    case 'artifacts-found':
      return withTask(decision, event.task, (task) => takeFoundArtifacts(decision, task, event));
    case 'not-found':
      return withTask(decision, event.task, (task) => {
        if (task.phase === 'finding') failTask(decision, task, inputError(event.message));
      });
    case 'retry-due':
      return withTask(decision, event.task, (task) => retryTask(decision, task, event.attempt));
    case 'approved':
      return withTask(decision, event.task, (task) => {
        if (task.phase === 'suspended') finishTask(decision, task, 'SUCCEEDED', { reason: `approved by ${event.by}` });
      });
    case 'cancel-requested':
      return cancelRun(decision, { reason: event.reason, deadline: false });
    case 'deadline-passed':
      return cancelRun(decision, { reason: 'the deadline of the run has passed', deadline: true });
    case 'resumed':
      return resumeRun(decision, event.fromTask);
    default:
      return unreachable(event);
  }
}

/** A task may be gone when a late event arrives: then there is nothing to do (I3). */
function withTask({ run }: Decision, number: number, act: (task: TaskInstance) => void): void {
  const task = run.tasks[number];
  if (task) act(task);
}

/** Follows the consequences until nothing more follows: iterative, because chains and skips may be long. */
function settle(decision: Decision): void {
  const { toStart, toEnter, toReopen, toClose } = decision;
  let started = 0;
  for (;;) {
    if (toClose.length > 0) closeTask(decision, toClose.pop()!);
    else if (toReopen.length > 0) reopenIteration(decision, toReopen.pop()!);
    else if (toEnter.length > 0) enterTask(decision, toEnter.pop()!);
    else if (started < toStart.length) startTask(decision, toStart[started++]!);
    else if (!expandNext(decision)) return;
  }
}
