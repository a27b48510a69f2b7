/** Runtime states, in KFP's words (api/v2beta1 RuntimeState) plus CACHED, which KFP shows as SUCCEEDED. */
export const TASK_STATES = {
  PENDING: { final: false, good: false },
  RUNNING: { final: false, good: false },
  SUCCEEDED: { final: true, good: true },
  CACHED: { final: true, good: true },
  SKIPPED: { final: true, good: false },
  FAILED: { final: true, good: false },
  CANCELED: { final: true, good: false },
} as const;

export type TaskState = keyof typeof TASK_STATES;

export const RUN_STATES = {
  PENDING: { final: false },
  RUNNING: { final: false },
  PAUSED: { final: false },
  CANCELING: { final: false },
  SUCCEEDED: { final: true },
  FAILED: { final: true },
  CANCELED: { final: true },
} as const;

export type RunState = keyof typeof RUN_STATES;

export const isFinalTask = (state: TaskState): boolean => TASK_STATES[state].final;
/** SUCCEEDED or CACHED: the task has outputs others may read. */
export const isGoodTask = (state: TaskState): boolean => TASK_STATES[state].good;
export const isFinalRun = (state: RunState): boolean => RUN_STATES[state].final;
