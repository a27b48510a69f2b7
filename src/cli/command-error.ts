import { explainSystemError } from '../base/system-error.ts';
import { formatProblem, ProductError } from '../base/errors.ts';

/** What a command ends with. 130 is what a shell reports for a program ended by Ctrl-C. */
export const EXIT = { ok: 0, runFailed: 1, badInput: 2, interrupted: 130 } as const;

/**
 * Tells the user what is wrong and returns the exit code. With `json`, stdout gets one object
 * `{error: {code, message, hint?, problems}}`; the readable text always goes to stderr.
 */
export function reportError(thrown: unknown, options: { readonly json: boolean }): number {
  const error = explainSystemError(thrown) ?? thrown;
  if (!(error instanceof ProductError)) {
    // Not the user's doing: the stack belongs in the report we ask for.
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`pipewright: an error of pipewright itself, please report it:\n${text}\n`);
    if (options.json) writeJson({ error: { code: 'INTERNAL', message: messageOf(error), problems: [] } });
    return EXIT.runFailed;
  }
  process.stderr.write(formatProductError(error));
  if (options.json) {
    const { code, message, hint, problems } = error;
    writeJson({ error: { code, message, ...(hint === undefined ? {} : { hint }), problems } });
  }
  return EXIT.badInput;
}

/** The message, one line per problem with its place, and the next step. */
export function formatProductError(error: ProductError): string {
  const lines = [`pipewright: ${error.message}`];
  for (const problem of error.problems) {
    lines.push(`  ${problem.severity === 'warning' ? 'warning: ' : ''}${formatProblem(problem)}`);
  }
  if (error.hint !== undefined) lines.push(error.hint);
  return `${lines.join('\n')}\n`;
}

export function writeJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
