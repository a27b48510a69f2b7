/**
 * The lease contract: which server runs which run when several share a database. A server is alive until a time it puts off again
 * and again; what it holds is its own as long.
 *
 * I1. A run that is not final has at most one holder. A batch with runs of another holder is refused as a whole (RunsTakenOver), so a
 *     server that lost a run without noticing can record nothing of it.
 * I2. Whoever records a run that nobody holds holds it from then on; a run that is final is let go, both in the same transaction.
 * I3. Times are those of the database: clocks of servers may differ.
 */
import { ProductError } from '../base/errors.ts';

export interface Leases {
  readonly serverId: string;
  /** How long a server may be silent before its runs are taken over. */
  readonly leaseMs: number;
  /** Says that this server is alive, and takes what nobody holds who is. */
  renew(request: RenewRequest): Promise<LeaseRound>;
  /** Asks whoever holds the run to cancel it; asking again is harmless. */
  requestCancel(runId: string, reason: string): Promise<void>;
  /** Whether such a request still waits; it is gone when it was answered or the run is final. */
  isCancelRequested(runId: string): Promise<boolean>;
  answered(runId: string): Promise<void>;
  /**
   * Does the work while no other server does any under the same name; undefined, without doing it, if one is at it. It may be done
   * twice if the connection is lost. The lock ends with the connection of whoever holds it.
   */
  exclusively<T>(name: string, work: () => Promise<T>): Promise<T | undefined>;
  /** Tells of what other servers do, from now on until the store is closed. */
  listen(listener: LeaseListener): Promise<void>;
}

export interface RenewRequest {
  /** What this server runs at the moment. */
  readonly running: readonly string[];
  /** Take over no more runs than this. */
  readonly limit: number;
}

export interface LeaseRound {
  /** Runs this server holds that it does not run: taken over now, or left by its own earlier life. */
  readonly taken: readonly string[];
  /** Of those that it runs, the ones that another server holds. */
  readonly lost: readonly string[];
  readonly cancelRequests: readonly { readonly runId: string; readonly reason: string }[];
}

export interface LeaseListener {
  /** Another server has recorded something of a run; `tasks` are the numbers of the tasks whose rows it wrote. */
  readonly changed: (runId: string, tasks: readonly number[]) => void;
  /** There is a request for a run of this server. */
  readonly requested: () => void;
  /** The connection was lost for a while: anything may have changed. */
  readonly missed: () => void;
}

/** Some runs of a batch belong to another server by now; nothing of the batch was written. */
export class RunsTakenOver extends ProductError {
  readonly runIds: readonly string[];

  constructor(runIds: readonly string[], message: string, cause?: unknown) {
    super('CONFLICT', message, {
      hint: 'another server is running the same run: with SQLite, let only one server use a data folder',
      ...(cause === undefined ? {} : { cause }),
    });
    this.runIds = runIds;
  }
}
