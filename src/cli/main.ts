import { CommanderError } from 'commander';
import { ProductError } from '../base/errors.ts';
import { EXIT, reportError } from './command-error.ts';
import { buildProgram } from './program.ts';

const json = process.argv.includes('--json');
try {
  process.exitCode = EXIT.ok;
  await buildProgram().parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}

function exitCodeOf(error: unknown): number {
  if (!(error instanceof CommanderError)) return reportError(error, { json });
  if (error.exitCode === 0) return EXIT.ok;
  if (error.code === 'commander.help') return EXIT.badInput;
  const message = error.message.replace(/^error: /, '');
  return reportError(new ProductError('INVALID_USAGE', message, { hint: 'See: pipewright --help' }), { json });
}
