import { touch, type Decision } from './effects.ts';
import type { RunState, TaskState } from '../model/states.ts';
import type { TaskInstance } from './run-data.ts';

const RUN_STATE_OF: Partial<Record<TaskState, RunState>> = { SUCCEEDED: 'SUCCEEDED', FAILED: 'FAILED', CANCELED: 'CANCELED' };

/** The root is final: so is the run. A run that was terminated ends CANCELED, one that ran out of time FAILED. */
export function closeRun(decision: Decision, root: TaskInstance): void {
  const { run, effects, nowMs } = decision;
  run.endedAtMs = nowMs;
  run.error = root.error;
  run.state = RUN_STATE_OF[root.state] ?? 'FAILED';
  if (run.canceling) {
    run.state = run.canceling.deadline ? 'FAILED' : 'CANCELED';
    if (run.canceling.deadline)
      run.error = {
        code: 1,
        message: run.canceling.reason,
        cause: 'timeout',
        hint: 'raise activeDeadlineSeconds of the pipeline',
      };
  }
  touch(decision, root);
  effects.commands.push({ kind: 'run-ended', run });
}
