/**
 * Steps whose fork-server is not ours: started by an earlier engine (or one beside us), or by a server of ours that died.
 * Their ends are read from the journals; a step whose server is gone is ended, since nobody will know how it ends.
 *
 * Owns the journals of other servers. Doesn't own what an end means: `onEnded` and `onLost` say it happened, each once at most
 * for every adoption.
 */
import type { Clock } from '../../base/clock.ts';
import type { Attempt } from './attempt.ts';
import type { ForkServer } from './fork-server.ts';
import type { ExitRecord, RefusedRecord } from './journal-records.ts';
import { Journals } from './journals.ts';

/** How often the journals are read. */
const JOURNAL_POLL_MS = 100;
/** A claimed attempt whose owner has not written its start after this time will not have one. */
const CLAIM_WAIT_MS = 2000;

export interface AdoptedStepsOptions {
  /** Folder of the journals. */
  readonly folder: string;
  readonly clock: Clock;
  /** Journals of the living servers of ours: what they say comes directly. */
  readonly ownJournals: () => ReadonlySet<string>;
  /** A server of ours that can end processes; undefined if there is none. */
  readonly server: () => ForkServer | undefined;
  readonly onEnded: (attempt: Attempt, record: ExitRecord | RefusedRecord) => void;
  /** Nothing of the step runs any more, and how it ended is not known. */
  readonly onLost: (attempt: Attempt) => void;
}

export class AdoptedSteps {
  readonly #options: AdoptedStepsOptions;
  readonly #journals: Journals;
  readonly #steps = new Map<string, Attempt>();
  /** Which server was asked to end a step: one that dies before it answers is not waited for. */
  readonly #asked = new Map<string, ForkServer>();
  #stopPolling: (() => void) | undefined;
  #stopped = false;

  constructor(options: AdoptedStepsOptions) {
    this.#options = options;
    this.#journals = new Journals(options.folder);
  }

  /** A server of ours died. */
  addJournal(journal: string): void {
    this.#journals.add(journal);
  }

  /** The attempt's log is there, so a server has claimed it. */
  adopt(attempt: Attempt): void {
    delete attempt.server;
    this.#journals.load(this.#options.ownJournals());
    attempt.foreignUntilMs = this.#options.clock.now() + CLAIM_WAIT_MS;
    this.#steps.set(attempt.launch.attemptId, attempt);
    this.#look(attempt);
  }

  cancel(attempt: Attempt): void {
    if (this.#steps.has(attempt.launch.attemptId)) this.#look(attempt);
  }

  /** The answer to ending a step. If its own server lives, it has written or will write how it ended. */
  gone(attempt: Attempt): void {
    const { attemptId } = attempt.launch;
    if (!this.#steps.has(attemptId)) return;
    this.#journals.refresh();
    const known = this.#journals.lookup(attemptId);
    if (known?.kind === 'running' && known.watched) return this.#poll();
    this.#forget(attemptId);
    if (known?.kind === 'ended') this.#options.onEnded(attempt, known.record);
    else this.#options.onLost(attempt);
  }

  stop(): void {
    this.#stopped = true;
    this.#stopPolling?.();
  }

  #look(attempt: Attempt): void {
    const { attemptId } = attempt.launch;
    const known = this.#journals.lookup(attemptId);
    if (known?.kind === 'ended') {
      this.#forget(attemptId);
      return this.#options.onEnded(attempt, known.record);
    }
    const isLost = known ? !known.watched : this.#options.clock.now() >= attempt.foreignUntilMs!;
    const isAsked = this.#asked.get(attemptId)?.ended === false;
    if (!isAsked && (isLost || (known && attempt.cancelled))) {
      const server = this.#options.server();
      if (server) {
        server.end(attemptId, { pid: 0, startedBoot: 0, ...known, log: attempt.paths.log });
        this.#asked.set(attemptId, server);
      }
      attempt.ending = server !== undefined;
    }
    this.#poll();
  }

  #forget(attemptId: string): void {
    this.#steps.delete(attemptId);
    this.#asked.delete(attemptId);
  }

  #poll(): void {
    if (this.#stopPolling || this.#stopped) return;
    const { clock } = this.#options;
    this.#stopPolling = clock.at(clock.now() + JOURNAL_POLL_MS, () => {
      this.#stopPolling = undefined;
      this.#journals.refresh();
      for (const attempt of this.#steps.values()) this.#look(attempt);
    });
  }
}
