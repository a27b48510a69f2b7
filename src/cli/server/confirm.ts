import { createInterface } from 'node:readline/promises';

/** Asks before something is lost. Without a terminal nobody can answer: then the command itself is the answer. */
export async function confirmed(question: string, options: { readonly yes?: boolean }): Promise<boolean> {
  if (options.yes || !process.stdin.isTTY) return true;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim());
  } finally {
    lines.close();
  }
}
