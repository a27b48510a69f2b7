import { isJsonObject } from '../../base/json.ts';

/**
 * What a fork-server says, in its journal and in its answers: one JSON array a line. Times are epoch milliseconds, except
 * `startedBoot`: seconds since the machine booted, which together with the pid identifies a process.
 */
export type JournalRecord =
  | { readonly kind: 'server'; readonly pid: number; readonly bootId: string; readonly startedBoot: number }
  | {
      readonly kind: 'started';
      readonly attemptId: string;
      readonly pid: number;
      readonly startedBoot: number;
      readonly startedMs: number;
    }
  | ExitRecord
  | RefusedRecord
  /** Answers only: another fork-server claimed the attempt; the process that "end" named is gone. */
  | { readonly kind: 'claimed' | 'gone'; readonly attemptId: string };

export interface ExitRecord {
  readonly kind: 'exited';
  readonly attemptId: string;
  readonly exitCode: number;
  /** 0 unless a signal ended the step. */
  readonly signal: number;
  /** Why the fork-server ended it; empty if it ended by itself. */
  readonly reason: '' | 'kill' | 'timeout';
  readonly startedMs: number;
  readonly endedMs: number;
  readonly cpuMs: number;
  readonly peakBytes: number;
  /** The work folder was not empty and is still there. */
  readonly leftFiles: boolean;
}

/** The program could not be started. */
export interface RefusedRecord {
  readonly kind: 'refused';
  readonly attemptId: string;
  /** ENOENT, EACCES, E2BIG … */
  readonly errno: string;
  readonly message: string;
  readonly atMs: number;
}

/** Undefined for a line that was cut off (the machine went down while it was written). */
export function parseRecord(line: string): JournalRecord | undefined {
  let fields: unknown;
  try {
    fields = JSON.parse(line);
  } catch {
    return undefined;
  }
  return Array.isArray(fields) && !isJsonObject(fields) ? fromFields(fields) : undefined;
}

function fromFields(fields: readonly unknown[]): JournalRecord | undefined {
  const number = (position: number) => Number(fields[position]);
  const attemptId = String(fields[1]);
  switch (fields[0]) {
    case 'x':
      return {
        kind: 'exited',
        attemptId,
        exitCode: number(2),
        signal: number(3),
        reason: fields[4] === 'kill' || fields[4] === 'timeout' ? fields[4] : '',
        startedMs: number(5),
        endedMs: number(6),
        cpuMs: number(7),
        peakBytes: number(8),
        leftFiles: fields[9] === true,
      };
    case 's':
      return { kind: 'started', attemptId, pid: number(2), startedBoot: number(3), startedMs: number(4) };
    case 'f':
      return { kind: 'refused', attemptId, errno: String(fields[2]), message: String(fields[3]), atMs: number(4) };
    case 'c':
      return { kind: 'claimed', attemptId };
    case 'g':
      return { kind: 'gone', attemptId };
    case 'h':
      return { kind: 'server', pid: number(1), bootId: String(fields[2]), startedBoot: number(3) };
    default:
      return undefined;
  }
}
