/** Ending a run early: what runs is cancelled, what has not started never will; exit tasks included (KFP: TriggerPolicy). */
import { isFinalRun } from '../model/states.ts';
import { touch, type Decision } from './effects.ts';
import { attemptIdOf, type RunData, type TaskInstance } from './run-data.ts';
import { finishTask } from './finish.ts';

export function cancelRun(decision: Decision, canceling: NonNullable<RunData['canceling']>): void {
  const { run } = decision;
  if (isFinalRun(run.state) || run.canceling) return;
  run.canceling = canceling;
  run.state = 'CANCELING';
  run.openLoops = [];
  const root = run.tasks[0]!;
  // The run's row says so from now on, also while its steps take their time to end.
  touch(decision, root);
  cancelWithin(decision, root);
}

/** Visits every unfinished instance once: cancelling is the one event that is about the whole run. */
function cancelWithin(decision: Decision, root: TaskInstance): void {
  const stack = [root];
  while (stack.length > 0) {
    const task = stack.pop()!;
    switch (task.phase) {
      case 'open':
        if (task.loop) forgetUnexpanded(task);
        stack.push(...task.children.filter((child) => child !== undefined));
        if (task.unfinished === 0) decision.toClose.push(task);
        break;
      case 'running':
        decision.effects.commands.push({ kind: 'cancel-attempt', attemptId: attemptIdOf(decision.run, task) });
        break;
      case 'final':
        break;
      default:
        finishTask(decision, task, 'CANCELED', { reason: decision.run.canceling!.reason });
    }
  }
}

/** Iterations that were not expanded will not be: the loop ends with those it has. They are expanded if the run is resumed. */
function forgetUnexpanded(task: TaskInstance): void {
  const loop = task.loop!;
  const missing = loop.items.length - loop.next;
  loop.again = [];
  if (missing === 0) return;
  task.unfinished -= missing;
  task.canceledChild = true;
  loop.listed = false;
}
