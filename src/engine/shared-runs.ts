/**
 * The runs of a store that several servers use.
 *
 * Owns: the rounds in which this server says that it is alive, takes runs over, and answers what others ask of it. Doesn't own: the
 * runs themselves (loop.ts), loading them (engine.ts).
 * I1. A run that another server holds is not in memory here, or leaves it at the next round or commit.
 * I2. Listeners hear of the runs of all servers; of others' they hear what is stored.
 */
import type { Clock } from '../base/clock.ts';
import { ProductError } from '../base/errors.ts';
import type { Leases } from '../store/leases.ts';
import type { RunRow, TaskRow } from '../model/run.ts';
import type { Store } from '../store/store.ts';

export interface SharedRunsOptions {
  readonly leases: Leases;
  readonly store: Store;
  readonly clock: Clock;
  readonly running: () => readonly string[];
  /** Goes on with runs that are ours now. */
  readonly adopt: (runs: readonly RunRow[]) => Promise<void>;
  readonly drop: (runId: string) => void;
  /** Cancels a run of ours; resolves when that is recorded, with false if the run is not here (yet). */
  readonly cancel: (runId: string, reason: string) => Promise<boolean>;
  readonly tell: (update: { readonly runId: string; readonly run: RunRow; readonly tasks: readonly TaskRow[] }) => void;
  /** Whether anybody listens: if not, nothing is read for them. */
  readonly hasListeners: () => boolean;
}

const ROUNDS_PER_LEASE = 5;
const MAX_TAKEN_AT_ONCE = 100;
const ANSWER_TIMEOUT_MS = 15_000;
const ANSWER_POLL_MS = 50;
/** What changes in the meantime is told together: a run of ten thousand tasks is not to be read for every one of them. */
const TELLING_EVERY_MS = 100;

export class SharedRuns {
  readonly #options: SharedRunsOptions;
  readonly #watched = new Map<string, number>();
  readonly #changed = new Map<string, Set<number>>();
  #round: Promise<void> | undefined;
  #telling: Promise<void> | undefined;
  #again = false;
  #stopTimer = () => {};
  #isStopped = false;

  constructor(options: SharedRunsOptions) {
    this.#options = options;
  }

  /** The first round: takes up what is this server's, and what nobody else is at. */
  async start(): Promise<void> {
    await this.#renew();
    await this.#options.leases.listen({
      changed: (runId, tasks) => this.#noteChange(runId, tasks),
      requested: () => this.#poke(),
      missed: () => this.#tellWatched(),
    });
    this.#arm();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#stopTimer();
    await this.#round;
    await this.#telling;
  }

  /** Asks the server that has the run; resolves when it has recorded that. Throws UNAVAILABLE if none answers in time. */
  async cancelElsewhere(runId: string, reason: string): Promise<void> {
    const { leases, clock } = this.#options;
    await leases.requestCancel(runId, reason);
    const deadlineMs = clock.now() + ANSWER_TIMEOUT_MS;
    while (await leases.isCancelRequested(runId)) {
      if (clock.now() > deadlineMs) {
        throw new ProductError('UNAVAILABLE', `the server that runs ${runId} has not answered yet`, {
          hint: 'the request stays: the run is canceled as soon as a server has taken it over',
        });
      }
      await this.#pause(ANSWER_POLL_MS);
    }
  }

  /** While somebody waits for a run of another server, its row is read now and then, in case a notification was lost. */
  watch(runId: string): () => void {
    this.#watched.set(runId, (this.#watched.get(runId) ?? 0) + 1);
    return () => {
      const left = this.#watched.get(runId)! - 1;
      if (left > 0) this.#watched.set(runId, left);
      else this.#watched.delete(runId);
    };
  }

  #arm(): void {
    if (this.#isStopped) return;
    const { clock, leases } = this.#options;
    this.#stopTimer();
    this.#stopTimer = clock.at(clock.now() + leases.leaseMs / ROUNDS_PER_LEASE, () => this.#poke());
  }

  #poke(): void {
    this.#again = true;
    this.#round ??= this.#rounds().finally(() => {
      this.#round = undefined;
      this.#arm();
    });
  }

  async #rounds(): Promise<void> {
    while (this.#again && !this.#isStopped) {
      this.#again = false;
      // A database that cannot be reached is asked again in the next round; others take the runs over meanwhile if it is only us.
      await this.#renew().catch(() => {});
      this.#tellWatched();
    }
  }

  async #renew(): Promise<void> {
    const { leases, store, running, adopt, drop, cancel } = this.#options;
    const { taken, lost, cancelRequests } = await leases.renew({ running: running(), limit: MAX_TAKEN_AT_ONCE });
    for (const runId of lost) drop(runId);
    const rows = await Promise.all(taken.map((runId) => store.getRun(runId)));
    await adopt(rows.filter((row) => row !== undefined));
    for (const { runId, reason } of cancelRequests) {
      if (await cancel(runId, reason)) await leases.answered(runId);
    }
    // There may be more than were taken at once.
    if (taken.length >= MAX_TAKEN_AT_ONCE) this.#again = true;
  }

  #pause(ms: number): Promise<void> {
    const { clock } = this.#options;
    return new Promise((resolve) => clock.at(clock.now() + ms, resolve));
  }

  #tellWatched(): void {
    for (const runId of this.#watched.keys()) this.#noteChange(runId, []);
  }

  #noteChange(runId: string, tasks: readonly number[]): void {
    if (!this.#options.hasListeners()) return;
    const known = this.#changed.get(runId) ?? new Set();
    for (const task of tasks) known.add(task);
    this.#changed.set(runId, known);
    this.#telling ??= this.#tellChanges().finally(() => (this.#telling = undefined));
  }

  async #tellChanges(): Promise<void> {
    const { store, tell } = this.#options;
    while (this.#changed.size > 0 && !this.#isStopped) {
      const changes = [...this.#changed];
      this.#changed.clear();
      for (const [runId, numbers] of changes) {
        const run = await store.getRun(runId).catch(() => undefined);
        if (!run) continue;
        const tasks = numbers.size === 0 ? [] : await store.listTasks(runId).catch(() => []);
        tell({ runId, run, tasks: tasks.filter(({ task }) => numbers.has(task)) });
      }
      await this.#pause(TELLING_EVERY_MS);
    }
  }
}
