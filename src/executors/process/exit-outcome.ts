import { MAX_ARGUMENT_BYTES, tooLongArgument } from '../../launcher/spill-arguments.ts';
import type { TaskError } from '../../model/outcome.ts';
import type { TaskLaunch } from '../executor.ts';
import { nulCharacterError, type ProgramWords } from '../nul-character.ts';
import { SIGNAL_NAMES, timeoutError, whatItSaid } from '../step-errors.ts';
import type { ExitRecord, RefusedRecord } from './journal-records.ts';

/** The error of a step that ended without success by itself or by its time limit; `logTail` is the end of what it printed. */
export function exitError(record: ExitRecord, logTail: string, launch: Pick<TaskLaunch, 'timeoutMs'>): TaskError {
  const said = whatItSaid(logTail);
  if (record.reason === 'timeout') return timeoutError(launch.timeoutMs ?? 0, logTail);
  if (record.signal !== 0) {
    const name = SIGNAL_NAMES[record.signal] ?? `signal ${record.signal}`;
    const hint =
      record.signal === 9
        ? 'if nobody killed it, the machine ran out of memory: see the kernel log (dmesg) and give the step less to hold'
        : undefined;
    return {
      code: 128 + record.signal,
      cause: 'step',
      message: `failed to execute component: killed by ${name}${said}`,
      ...(hint === undefined ? {} : { hint }),
    };
  }
  return { code: record.exitCode, cause: 'step', message: `failed to execute component: exit status ${record.exitCode}${said}` };
}

/**
 * The error of a program that could not be started. Messages that begin with "cannot" are about our own files (forkserver.py);
 * otherwise the step is not at fault in a way that trying again would change.
 */
export function refusedError(record: RefusedRecord, launch: Pick<TaskLaunch, 'image'>, words: ProgramWords): TaskError {
  const { argv } = words;
  const program = argv[0] ?? '';
  if (record.message.startsWith('cannot ')) {
    const message = `the step could not be started: ${record.message}`;
    return { code: 1, cause: 'system', message, hint: 'check permissions and free space of the data folder' };
  }
  const image = launch.image === '' ? 'its image' : `the image "${launch.image}"`;
  switch (record.errno) {
    case 'ENOENT':
    case 'ENOTDIR':
      return {
        code: 127,
        cause: 'input',
        message: `program "${program}" was not found on this machine; the step asks for ${image}, and the process executor runs the host's programs`,
        hint: `install "${program}" here, or run the pipeline with --executor docker, which uses the image`,
      };
    case 'EACCES':
    case 'EPERM':
      return {
        code: 126,
        cause: 'input',
        message: `program "${program}" may not be executed: permission denied`,
        hint: 'make the file executable (chmod +x), or run the pipeline with --executor docker',
      };
    case 'ENOEXEC':
      return {
        code: 126,
        cause: 'input',
        message: `program "${program}" is not in a format this machine can execute`,
        hint: 'a script needs a first line such as #!/bin/sh; a binary must be built for this machine, or use --executor docker',
      };
    case 'E2BIG':
      return {
        code: 126,
        cause: 'input',
        message: tooLongMessage(argv),
        hint: 'pass large values as artifacts (files) instead of parameters',
      };
    case 'EAGAIN':
    case 'ENOMEM':
    case 'EMFILE':
    case 'ENOSPC':
      return { code: 1, cause: 'system', message: `program "${program}" could not be started: ${record.message}` };
    default: {
      const message = `program "${program}" could not be started: ${record.message} (${record.errno})`;
      return nulCharacterError(words) ?? { code: 126, cause: 'input', message };
    }
  }
}

function tooLongMessage(argv: readonly string[]): string {
  const found = tooLongArgument(argv);
  const what = found
    ? `argument ${found.position} of "${argv[0]}" has ${found.bytes} bytes; an argument can have ${MAX_ARGUMENT_BYTES}`
    : `the arguments and variables of "${argv[0]}" are too long for this machine`;
  return `program "${argv[0]}" could not be started: ${what}`;
}

/** The step's supervisor is gone and with it the knowledge how the step ended. */
export function lostError(): TaskError {
  return {
    code: 1,
    cause: 'system',
    message:
      'the process that watched this step was lost (killed, or the machine was restarted), so how the step ended is unknown',
    hint: 'what was left of the step was ended; it is tried again',
  };
}
