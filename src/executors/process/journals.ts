/**
 * The journals of fork-servers that are not ours: those of earlier engines, and ours that died.
 *
 * Owns the files' reading positions. Doesn't own what is done about a step.
 * I1. What was read once is not read again; a step's end replaces its start.
 */
import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { bootId, isProcessAlive } from './host-process.ts';
import { parseRecord } from './journal-records.ts';
import type { ExitRecord, JournalRecord, RefusedRecord } from './journal-records.ts';

export type KnownStep =
  | { readonly kind: 'ended'; readonly record: ExitRecord | RefusedRecord }
  | {
      readonly kind: 'running';
      readonly pid: number;
      readonly startedBoot: number;
      readonly startedMs: number;
      readonly watched: boolean;
    };

const READ_BYTES = 1 << 20;

interface Journal {
  readonly file: string;
  offset: number;
  partial: string;
  server: Extract<JournalRecord, { kind: 'server' }> | undefined;
}

export class Journals {
  readonly #folder: string;
  readonly #bootId = bootId();
  readonly #journals = new Map<string, Journal>();
  readonly #ended = new Map<string, ExitRecord | RefusedRecord>();
  readonly #started = new Map<
    string,
    { readonly record: Extract<JournalRecord, { kind: 'started' }>; readonly journal: Journal }
  >();
  #loaded = false;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Reads every journal in the folder, but those of the living servers `own`. */
  load(own: ReadonlySet<string>): void {
    if (this.#loaded) return;
    this.#loaded = true;
    for (const name of readdirSync(this.#folder)) {
      const file = join(this.#folder, name);
      if (name.endsWith('.journal') && !own.has(file)) this.add(file);
    }
  }

  add(file: string): void {
    if (!this.#journals.has(file)) this.#journals.set(file, { file, offset: 0, partial: '', server: undefined });
    this.#read(this.#journals.get(file)!);
  }

  lookup(attemptId: string): KnownStep | undefined {
    const record = this.#ended.get(attemptId);
    if (record) return { kind: 'ended', record };
    const started = this.#started.get(attemptId);
    if (!started) return undefined;
    const { server } = started.journal;
    // A pid from before a reboot means nothing any more.
    const sameBoot = server?.bootId === this.#bootId;
    const { pid, startedBoot, startedMs } = started.record;
    return { kind: 'running', pid: sameBoot ? pid : 0, startedBoot, startedMs, watched: this.#isAlive(started.journal) };
  }

  /** Reads on; whether any of the servers is alive, so that reading on again makes sense. */
  refresh(): boolean {
    let alive = false;
    for (const journal of this.#journals.values()) {
      // Asked before reading: what a server wrote last is read even when it is dead by now.
      const wasAlive = this.#isAlive(journal);
      this.#read(journal);
      alive ||= wasAlive;
    }
    return alive;
  }

  #isAlive({ server }: Journal): boolean {
    return server !== undefined && server.bootId === this.#bootId && isProcessAlive(server.pid, server.startedBoot);
  }

  #read(journal: Journal): void {
    let descriptor: number;
    try {
      descriptor = openSync(journal.file, 'r');
    } catch {
      return;
    }
    try {
      const buffer = Buffer.alloc(READ_BYTES);
      for (;;) {
        const bytes = readSync(descriptor, buffer, 0, READ_BYTES, journal.offset);
        if (bytes === 0) return;
        journal.offset += bytes;
        // Journals are ASCII: a chunk never cuts a character.
        const lines = (journal.partial + buffer.toString('latin1', 0, bytes)).split('\n');
        journal.partial = lines.pop()!;
        for (const line of lines) this.#take(journal, parseRecord(line));
      }
    } finally {
      closeSync(descriptor);
    }
  }

  #take(journal: Journal, record: JournalRecord | undefined): void {
    if (record?.kind === 'server') journal.server = record;
    if (record?.kind === 'started') this.#started.set(record.attemptId, { record, journal });
    if (record?.kind === 'exited' || record?.kind === 'refused') {
      this.#started.delete(record.attemptId);
      this.#ended.set(record.attemptId, record);
    }
  }
}
