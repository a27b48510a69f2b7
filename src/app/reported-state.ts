import type { TaskError } from '../model/outcome.ts';
import type { RunState } from '../model/states.ts';
import { isFinalRun } from '../model/states.ts';
import type { CataloguedRun, StateChange } from '../store/catalogue-store.ts';

/** As what a run that was ended early is reported in the end. */
export type CanceledAs = 'FAILED' | 'CANCELED';

/** How long a run that was ended early stays CANCELING at least: clients that have just asked for it look for that. */
const CANCELING_MS = 2_000;

export interface ReportedState {
  readonly state: RunState;
  readonly error?: TaskError;
  readonly history: readonly StateChange[];
  /** 0 while it is not final. */
  readonly finishedAtMs: number;
}

/**
 * The state of a run as KFP's clients expect it. kfp's `wait_for_run_completion` ends on succeeded, failed, skipped and error only:
 * a run that was ended early is CANCELING for a moment and then FAILED, with an error that says so. The native API says CANCELED.
 */
export function reportedState({ run, details }: CataloguedRun, nowMs: number, canceledAs: CanceledAs = 'FAILED'): ReportedState {
  const isCanceled = run.state === 'CANCELED';
  const isFresh = isCanceled && nowMs < (run.endedAtMs ?? 0) + CANCELING_MS;
  const state = !isCanceled ? run.state : isFresh ? 'CANCELING' : canceledAs;
  const isFinal = isFinalRun(state);
  const canceled: TaskError = { code: 1, cause: 'step', message: 'The run was terminated by a user.' };
  const error = run.error ?? (isCanceled && isFinal ? canceled : undefined);
  return {
    state,
    ...(error === undefined || !isFinal ? {} : { error }),
    history: stateHistory({ run, details }, state),
    finishedAtMs: isFinal ? (run.endedAtMs ?? 0) : 0,
  };
}

function stateHistory({ run, details }: Pick<CataloguedRun, 'run' | 'details'>, state: RunState): readonly StateChange[] {
  const begun: readonly StateChange[] =
    details.earlierStates.length > 0
      ? details.earlierStates
      : [
          { atMs: run.createdAtMs, state: 'PENDING' },
          ...(run.startedAtMs === undefined ? [] : [{ atMs: run.startedAtMs, state: 'RUNNING' } as const]),
        ];
  return isFinalRun(state) ? [...begun, { atMs: run.endedAtMs ?? 0, state }] : begun;
}
