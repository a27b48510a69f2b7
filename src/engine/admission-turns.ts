import type { RunQueue } from './admission-queue.ts';
import type { RunShares } from './run-shares.ts';

/** So many runs that came later may go before one because they hold less; then it has a turn whatever it holds. */
const MAX_PASSED_BY = 64;

/**
 * Runs of one priority in the order in which they may have the next step: the one that holds least first; among equals, the one
 * whose last turn is longest ago. `queues` are in the order of their last turns. `arrived`: how many runs have come so far. Leaves
 * out runs of which nothing fits in this epoch.
 */
export function* turns<T>(
  queues: ReadonlyMap<string, RunQueue<T>>,
  { shares, arrived, epoch }: { readonly shares: RunShares; readonly arrived: number; readonly epoch: number },
): Iterable<RunQueue<T>> {
  const left = [...queues.values()].filter(({ blockedAt }) => blockedAt !== epoch);
  const claimOf = ({ runId, servedAt }: RunQueue<T>) => (arrived - servedAt >= MAX_PASSED_BY ? -1 : shares.of(runId));
  const [first] = left;
  if (!first) return;
  // Most often the first of them fits, and the others need no order.
  const least = left.reduce((best, queue) => (claimOf(queue) < claimOf(best) ? queue : best), first);
  yield least;
  const others = left.filter((queue) => queue !== least).map((queue) => ({ queue, claim: claimOf(queue) }));
  for (const { queue } of others.sort((one, other) => one.claim - other.claim)) yield queue;
}
