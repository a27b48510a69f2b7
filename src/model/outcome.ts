import type { JsonObject, JsonValue } from '../base/json.ts';

/** Why a task did not succeed: what happened, and the next step where one is known. */
export interface TaskError {
  /** The process's exit code where there was one; 1 for errors found before or after the process ran. */
  readonly code: number;
  readonly message: string;
  readonly hint?: string;
  /**
   * Who is at fault decides about retries: only `step` (a non-zero exit) is retried by a retry policy. `input` is an error
   * found while preparing or collecting; `system` is ours (the supervisor was lost, the disk is full) and is tried again.
   */
  readonly cause: 'step' | 'input' | 'timeout' | 'system';
  /** Kubernetes' word for a step that was ended because it needed more memory than it may have, where that is known. */
  readonly reason?: 'OOMKilled';
}

/** What an output artifact turned out to be, merged over what was planned. */
export interface ArtifactOutcome {
  readonly uri: string;
  readonly metadata: JsonObject;
  /** Bytes of the file or of all files in the directory; absent if nothing was written. */
  readonly sizeBytes?: number;
}

export interface TaskOutputs {
  readonly parameters: Readonly<Record<string, JsonValue>>;
  readonly artifacts: Readonly<Record<string, readonly ArtifactOutcome[]>>;
}

/** What all processes of a step used: their processor time, and the most memory that they held at the same time. */
export interface ResourceUse {
  readonly cpuMs: number;
  readonly peakMemoryBytes: number;
}

/** How an attempt ended. A failed task is a value, not an exception. */
export type AttemptOutcome =
  | { readonly kind: 'succeeded'; readonly outputs: TaskOutputs; readonly use?: ResourceUse }
  | { readonly kind: 'failed'; readonly error: TaskError; readonly use?: ResourceUse }
  | { readonly kind: 'canceled' };
