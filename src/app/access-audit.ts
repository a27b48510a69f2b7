/**
 * The audit log is written behind the answers: what was changed is put into a queue, and the queue into the store in batches.
 *
 * Owns the queue and its timer. Doesn't own the store.
 * I1. Entries are written in the order in which they came.
 * I2. A store that cannot be written to holds up no request; the queue is bounded, and what did not fit is counted in an entry.
 */
import type { Clock } from '../base/clock.ts';
import type { Ids } from '../base/ids.ts';
import type { AccessStore, AuditRow } from '../store/access-store.ts';
import type { AccessApp } from './access-app.ts';
import { checkUserName } from './access-users.ts';
import { accessPage, type AccessListReply, type AccessListRequest } from './access-list.ts';

export type AuditEntry = Omit<AuditRow, 'entryId' | 'createdAtMs'>;

const WAIT_MS = 200;
const BATCH = 200;
const MAX_QUEUED = 10_000;
const MAX_TEXT = 500;

export class AuditLog implements AsyncDisposable {
  readonly #store: AccessStore;
  readonly #clock: Clock;
  readonly #ids: Ids;
  #queue: AuditRow[] = [];
  #lost = 0;
  #count = 0;
  #callOff: (() => void) | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor({ access, clock, ids }: Pick<AccessApp, 'access' | 'clock' | 'ids'>) {
    this.#store = access;
    this.#clock = clock;
    this.#ids = ids;
  }

  append(entry: AuditEntry): void {
    if (this.#queue.length >= MAX_QUEUED) {
      this.#lost += 1;
      return;
    }
    this.#queue.push(this.#row(entry));
    this.#callOff ??= this.#clock.at(this.#clock.now() + WAIT_MS, () => void this.flush());
  }

  /** Writes what is queued; what cannot be written stays queued for the next time. */
  flush(): Promise<void> {
    this.#callOff?.();
    this.#callOff = undefined;
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.flush();
  }

  async #write(): Promise<void> {
    while (this.#queue.length > 0) {
      const batch = this.#queue.slice(0, BATCH);
      try {
        await this.#store.appendAudit(batch);
      } catch {
        return;
      }
      this.#queue = this.#queue.slice(batch.length);
      this.#tellLoss();
    }
  }

  #tellLoss(): void {
    if (this.#lost === 0) return;
    const resource = `${this.#lost} entries were lost: the store could not be written to`;
    this.#lost = 0;
    this.#queue.push(this.#row({ userName: '', via: '', address: '', routeId: 'AuditLog', resource, status: 503 }));
  }

  #row(entry: AuditEntry): AuditRow {
    const texts = { userName: cut(entry.userName), via: cut(entry.via), resource: cut(entry.resource) };
    // Entries of one millisecond are told apart by their number.
    const number = String(this.#count).padStart(12, '0');
    this.#count += 1;
    return { ...entry, ...texts, entryId: `${number}-${this.#ids.uuid()}`, createdAtMs: this.#clock.now() };
  }
}

const cut = (text: string): string => text.slice(0, MAX_TEXT);

/** Newest first, of one user or of all. */
export async function listAudit(
  { access }: AccessApp,
  request: AccessListRequest & { readonly userName?: string | undefined },
): Promise<AccessListReply<AuditRow>> {
  const { userName } = request;
  if (userName) checkUserName(userName);
  return accessPage(request, (query) => access.listAudit(userName ? { ...query, userName } : query));
}
