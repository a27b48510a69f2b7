/** Going on with runs that were not final when the engine, or another server, left them. */
import type { Clock } from '../base/clock.ts';
import { ProductError } from '../base/errors.ts';
import type { RunRow } from '../model/run.ts';
import { NOTHING_TO_RECORD } from './batch-of-runs.ts';
import { loadRun, type LoadingOptions } from './load-run.ts';
import type { Loop } from './loop.ts';
import { owedTo } from './recovery.ts';

export interface AdoptingOptions extends LoadingOptions {
  readonly loop: Loop;
  readonly clock: Clock;
}

/** A run whose pipeline can no longer be read ends as failed: it must not keep all others from going on. */
export async function adoptRuns(unfinished: readonly RunRow[], options: AdoptingOptions): Promise<void> {
  if (unfinished.length === 0) return;
  const { loop } = options;
  // What runs already takes its room before anything new is admitted.
  loop.holdAdmission();
  try {
    for (const row of unfinished) await adoptRun(row, options).catch((error: unknown) => giveUp(row, error, options));
  } finally {
    loop.admitAgain();
  }
}

async function adoptRun(row: RunRow, options: AdoptingOptions): Promise<void> {
  const { loop, clock } = options;
  const { run, sequence } = await loadRun(row, options);
  loop.add(run, sequence);
  const { effects, launched } = owedTo(run, clock.now());
  for (const task of launched) loop.reattach(run, task);
  loop.enqueue(effects);
}

async function giveUp(row: RunRow, error: unknown, { store, clock }: AdoptingOptions): Promise<void> {
  if (!(error instanceof ProductError) || error.code !== 'NOT_FOUND') throw error;
  const { message, hint } = error;
  const reason = { code: 1, cause: 'system', message, ...(hint === undefined ? {} : { hint }) } as const;
  const ended = { ...row, state: 'FAILED', endedAtMs: clock.now(), error: reason } as const;
  await store.commit({ ...NOTHING_TO_RECORD, runs: [ended], durable: true });
}
