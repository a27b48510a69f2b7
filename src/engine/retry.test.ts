import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RetryPolicy } from '../ir/spec.ts';
import type { TaskError } from '../model/outcome.ts';
import { nextRetry, retryDeadline } from './retry.ts';

const policy = (more: Partial<RetryPolicy> = {}): RetryPolicy => ({
  maxRetryCount: 3,
  backoffMs: 1000,
  backoffFactor: 2,
  backoffMaxMs: 0,
  ...more,
});
const stepError: TaskError = { code: 1, message: 'no', cause: 'step' };

function check(row: {
  readonly policy: RetryPolicy | null;
  readonly failures: number;
  readonly endedAtMs: number;
  readonly error?: TaskError;
  readonly systemFailures?: number;
  readonly expected: number | 'refused';
}): void {
  const retry = nextRetry(row.error ?? stepError, { systemFailures: 0, firstLaunchedAtMs: 0, ...row });
  assert.equal('atMs' in retry ? retry.atMs : 'refused', row.expected, JSON.stringify(row));
}

test('the wait before retry k is backoff × factor^(k−1) from the end of the failed attempt', () => {
  check({ policy: policy(), failures: 1, endedAtMs: 500, expected: 1500 });
  check({ policy: policy(), failures: 2, endedAtMs: 500, expected: 2500 });
  check({ policy: policy(), failures: 3, endedAtMs: 500, expected: 4500 });
  check({ policy: policy({ backoffFactor: 1.5 }), failures: 3, endedAtMs: 0, expected: 2250 });
  check({ policy: policy({ backoffMs: 0 }), failures: 2, endedAtMs: 70, expected: 70 });
});

test('a policy allows as many retries as it says, no policy allows none', () => {
  check({ policy: policy(), failures: 4, endedAtMs: 0, expected: 'refused' });
  check({ policy: policy({ maxRetryCount: 0 }), failures: 1, endedAtMs: 0, expected: 'refused' });
  check({ policy: null, failures: 1, endedAtMs: 0, expected: 'refused' });
});

test('backoffMaxDuration is a window from the first start: a retry that would start outside of it is not made', () => {
  check({ policy: policy({ backoffMaxMs: 3000 }), failures: 1, endedAtMs: 2000, expected: 3000 });
  check({ policy: policy({ backoffMaxMs: 3000 }), failures: 1, endedAtMs: 2001, expected: 'refused' });
  assert.equal(retryDeadline(policy({ backoffMaxMs: 3000 }), 100), 3100);
  assert.equal(retryDeadline(policy(), 100), undefined);
});

test('errors of preparation are not retried; faults of ours are, without a policy, a few times', () => {
  check({ policy: policy(), failures: 1, endedAtMs: 0, error: { ...stepError, cause: 'input' }, expected: 'refused' });
  check({ policy: null, failures: 0, systemFailures: 1, endedAtMs: 0, error: { ...stepError, cause: 'system' }, expected: 1000 });
  check({
    policy: null,
    failures: 0,
    systemFailures: 4,
    endedAtMs: 0,
    error: { ...stepError, cause: 'system' },
    expected: 'refused',
  });
});
