import type { JsonValue } from '../base/json.ts';
import type { AttemptOutcome, ArtifactOutcome } from './outcome.ts';
import type { Placement } from './placement.ts';

/**
 * What happens to a run from outside, in the order it was decided on. A run's state is the fold of its events: nothing else
 * about a run's progress is needed to continue it after a crash. `task` is the task's number in its run.
 */
export type RunEvent =
  /** The attempt was admitted and handed to the executor. */
  | {
      readonly kind: 'launched';
      readonly task: number;
      readonly attempt: number;
      /** Why the step runs although caching is on for it; absent if the cache was not asked. */
      readonly cacheMiss?: string;
      /** Absent where there was nothing to choose. */
      readonly placement?: Placement;
    }
  | {
      readonly kind: 'finished';
      readonly task: number;
      readonly attempt: number;
      readonly outcome: AttemptOutcome;
      readonly startedAtMs: number;
      readonly endedAtMs: number;
    }
  /** An earlier execution with the same fingerprint was found; its outputs are taken over. */
  | {
      readonly kind: 'cache-hit';
      readonly task: number;
      /** Task id of the execution the outputs come from. */
      readonly fromTaskId: string;
      readonly parameters: Readonly<Record<string, JsonValue>>;
      readonly artifacts: Readonly<Record<string, readonly (ArtifactOutcome & { readonly id: string })[]>>;
    }
  /** An importer or resolver found existing artifacts (with their ids) or made new ones (id absent). */
  | {
      readonly kind: 'artifacts-found';
      readonly task: number;
      readonly artifacts: Readonly<Record<string, readonly (ArtifactOutcome & { readonly id?: string })[]>>;
    }
  /** The importer or resolver could not be answered. */
  | { readonly kind: 'not-found'; readonly task: number; readonly message: string }
  | { readonly kind: 'retry-due'; readonly task: number; readonly attempt: number }
  | { readonly kind: 'approved'; readonly task: number; readonly by: string }
  | { readonly kind: 'cancel-requested'; readonly reason: string }
  | { readonly kind: 'deadline-passed' }
  /**
   * Goes on with a final run: everything that did not succeed is reset; with `fromTask`, that task and all that depends on it
   * are reset as well, and that task does not use the cache.
   */
  | { readonly kind: 'resumed'; readonly fromTask?: number };

export interface RecordedEvent {
  readonly atMs: number;
  readonly event: RunEvent;
}
