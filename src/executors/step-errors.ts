/** What every executor says of a step that failed. */
import type { TaskError } from '../model/outcome.ts';

/** How much of the end of a log goes into a failed step's message. */
export const TAIL_LINES = 10;
export const TAIL_BYTES = 4096;

export const SIGNAL_NAMES: Readonly<Record<number, string>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  4: 'SIGILL',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  13: 'SIGPIPE',
  15: 'SIGTERM',
  24: 'SIGXCPU',
};

/** The end of a log as it follows a message: on lines of its own, or nothing. */
export function whatItSaid(logTail: string): string {
  const lines = logTail.replace(/\n+$/, '').split('\n');
  const kept = lines.slice(-TAIL_LINES).join('\n').trim();
  const tail = kept.length > TAIL_BYTES ? kept.slice(-TAIL_BYTES) : kept;
  return tail === '' ? '' : `\n${tail}`;
}

/** The error of a step that its time limit ended; the code is the one of timeout(1). */
export function timeoutError(timeoutMs: number, logTail: string): TaskError {
  return {
    code: 124,
    cause: 'timeout',
    message: `the step ran longer than its time limit of ${timeoutMs / 1000} s and was ended${whatItSaid(logTail)}`,
    hint: 'give it more time (kubernetes.set_timeout, activeDeadlineSeconds) or make it faster',
  };
}

/** What a machine has too little of for a moment, or what its disk reports: the step is not at fault, and it is tried again. */
const FAULTS_OF_THE_MACHINE: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EIO', 'EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN']);

/** What was thrown while a step was prepared or its outputs were collected. */
export function thrownError(error: unknown): TaskError {
  const { message, hint, code = '' } = error as NodeJS.ErrnoException & { readonly hint?: string };
  const cause = FAULTS_OF_THE_MACHINE.has(code) ? 'system' : 'input';
  const advice = hint ?? (code === 'ENOSPC' || code === 'EDQUOT' ? 'the disk is full: free some space' : undefined);
  return { code: 1, cause, message, ...(advice === undefined ? {} : { hint: advice }) };
}
