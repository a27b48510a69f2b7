import type { AccessApp, AccessPolicy } from '../../src/app/access-app.ts';
import { NO_POLICY } from '../../src/app/access-app.ts';
import type { Grant, Principal } from '../../src/app/access-principal.ts';
import type { Clock } from '../../src/base/clock.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';

/** A clock that stands still until it is moved; what is due then is called. */
export interface ManualClock extends Clock {
  advance(ms: number): void;
}

export function manualClock(startMs = 1_780_000_000_000): ManualClock {
  let now = startMs;
  let waiting: { readonly atMs: number; readonly callback: () => void }[] = [];
  return {
    now: () => now,
    at(atMs, callback) {
      const entry = { atMs, callback };
      waiting.push(entry);
      return () => {
        waiting = waiting.filter((other) => other !== entry);
      };
    },
    advance(ms) {
      now += ms;
      const due = waiting.filter(({ atMs }) => atMs <= now);
      waiting = waiting.filter(({ atMs }) => atMs > now);
      for (const { callback } of due) callback();
    },
  };
}

export interface TestAccess extends AccessApp, AsyncDisposable {
  readonly clock: ManualClock;
}

/** Access functions on a database in memory, with passwords that cost little, and ids and secrets that can be foreseen. */
export async function testAccess(policy: Partial<AccessPolicy> = {}): Promise<TestAccess> {
  const store = await openSqliteStore({ file: ':memory:' });
  let count = 0;
  const next = (): number => (count += 1);
  return {
    access: store.access(),
    clock: manualClock(),
    ids: { uuid: () => `00000000-0000-4000-8000-${String(next()).padStart(12, '0')}` },
    secrets: { secret: () => `secret-${next()}` },
    policy: { ...NO_POLICY, ...policy },
    passwordCost: { cost: 16, blockSize: 1, parallelization: 1 },
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

export const principal = (name: string, ...grants: readonly Grant[]): Principal => ({
  kind: 'user',
  name,
  via: 'session',
  grants,
  roleCap: null,
  expiresAtMs: null,
});

export const inAll = (role: Grant['role']): Grant => ({ namespace: '*', role });
