import { CommanderError } from 'commander';
import { ProductError } from '../base/errors.ts';
import { EXIT, reportError } from './command-error.ts';
import { namedCommand } from './named-command.ts';
import { buildProgram } from './program.ts';

// A reader that has seen enough (`| head`) does not end a run: what is left to say is dropped.
// A full disk or a terminal that has gone does not end it either, but what was to be said is missing, and the exit code says so.
let unsaid: Error | undefined;
process.stderr.on('error', () => {});
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE' || unsaid) return;
  unsaid = error;
  process.stderr.write(`pipewright: the output cannot be written: ${error.message}\n`);
});
process.on('exit', () => {
  if (unsaid) process.exitCode ||= EXIT.runFailed;
});

const json = isJsonAsked(process.argv);
const program = buildProgram();
try {
  process.exitCode = EXIT.ok;
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}

/** `local --json`, `run list --output json`: mistakes are told in the same form, wherever the parser got to. */
function isJsonAsked(args: readonly string[]): boolean {
  return args.includes('--json') || args.includes('--output=json') || args[args.indexOf('--output') + 1] === 'json';
}

function exitCodeOf(error: unknown): number {
  if (!(error instanceof CommanderError)) return reportError(error, { json });
  if (error.exitCode === 0) return EXIT.ok;
  if (error.code === 'commander.help') return EXIT.badInput;
  const message = error.message.replace(/^error: /, '');
  const hint = `See: ${namedCommand(program, process.argv.slice(2))} --help`;
  return reportError(new ProductError('INVALID_USAGE', message, { hint }), { json });
}
