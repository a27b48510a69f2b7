import type { TaskError } from './outcome.ts';

/** `ValueError: …`, `builtins.KeyError: …`, `java.lang.IllegalStateException: …` at the beginning of a line. */
const EXCEPTION = /^\s*(?:[\w$]+\.)*[A-Z]\w*(?:Error|Exception|Exit|Interrupt|Failure)\b(?::|$)/;
/** Where an exception came from, and what runtimes print after it. */
const NOISE = /^\s*(?:at |File "|Traceback |Node\.js v|During handling|\^+$|\.\.\. )/;
const MAX_LENGTH = 300;

/**
 * The one line of an error that says most: the exception that ended the step, else the last line it printed, else what the platform
 * says. An error's message may hold the last lines of the step's log.
 */
export function errorSummary({ message }: Pick<TaskError, 'message'>): string {
  const [first = '', ...printed] = message.split('\n');
  const exception = printed.findLast((line) => EXCEPTION.test(line));
  const last = printed.findLast((line) => line.trim() !== '' && !NOISE.test(line));
  const summary = (exception ?? last ?? first).trim();
  return summary.length <= MAX_LENGTH ? summary : `${summary.slice(0, MAX_LENGTH)}…`;
}
