import type { RetryPolicy } from '../ir/spec.ts';
import type { TaskError } from '../model/outcome.ts';

/** Faults of ours (the supervisor was lost, the disk was full) are tried again this often, whatever the policy says. */
const MAX_SYSTEM_RETRIES = 3;
const SYSTEM_RETRY_DELAY_MS = 1_000;
const NO_POLICY: RetryPolicy = { maxRetryCount: 0, backoffMs: 0, backoffFactor: 2, backoffMaxMs: 0 };

export interface Failures {
  readonly policy: RetryPolicy | null;
  /** Failures so far, this one included: by the step itself, and by a fault of ours. */
  readonly failures: number;
  readonly systemFailures: number;
  readonly firstLaunchedAtMs: number;
  readonly endedAtMs: number;
}

/**
 * Argo's arithmetic (workflow/controller/operator.go): the wait before retry k is backoff × factor^(k−1), counted from the end
 * of the failed attempt; `backoffMax` is a window from the first attempt's start, and a retry that would start outside of it is
 * not made. Only failures of the step itself count against the policy.
 *
 * Returns when to try again (epoch ms), or why not.
 */
export function nextRetry(error: TaskError, history: Failures): { readonly atMs: number } | { readonly refused: string | null } {
  if (error.cause === 'input') return { refused: null };
  if (error.cause === 'system') {
    if (history.systemFailures > MAX_SYSTEM_RETRIES) return { refused: `gave up after ${history.systemFailures} tries` };
    return { atMs: history.endedAtMs + SYSTEM_RETRY_DELAY_MS };
  }
  const policy = history.policy ?? NO_POLICY;
  if (history.failures > policy.maxRetryCount) {
    return { refused: policy.maxRetryCount > 0 ? `no more retries left after ${history.failures} attempts` : null };
  }
  const waitMs = policy.backoffMs * policy.backoffFactor ** (history.failures - 1);
  const atMs = history.endedAtMs + waitMs;
  const deadlineMs = retryDeadline(policy, history.firstLaunchedAtMs);
  if (deadlineMs !== undefined && atMs > deadlineMs)
    return { refused: 'the next retry would start after the backoff limit (backoffMaxDuration)' };
  return { atMs };
}

/** A retry that still runs at this time (epoch ms) is ended; the first attempt is not. Undefined: no limit. */
export function retryDeadline(policy: RetryPolicy | null, firstLaunchedAtMs: number): number | undefined {
  return policy && policy.backoffMaxMs > 0 ? firstLaunchedAtMs + policy.backoffMaxMs : undefined;
}
