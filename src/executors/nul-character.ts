import type { TaskError } from '../model/outcome.ts';

const NUL = '\0';

export interface ProgramWords {
  /** The program and its arguments. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Of a program that cannot be started: the system ends every argument and variable at the character U+0000 (execve(2)). */
export function nulCharacterError({ argv, env }: ProgramWords): TaskError | undefined {
  const position = argv.findIndex((word) => word.includes(NUL));
  const variable = Object.keys(env).find((name) => name.includes(NUL) || env[name]!.includes(NUL));
  if (position < 0 && variable === undefined) return undefined;
  const program = shown(argv[0] ?? '');
  const place = position === 0 ? 'its name' : position > 0 ? `argument ${position}` : `the variable ${shown(variable!)}`;
  return {
    code: 126,
    cause: 'input',
    message: `program "${program}" could not be started: ${place} has the character U+0000, which no program can be given`,
    hint: 'leave the character out, or pass the value as an artifact (a file)',
  };
}

const shown = (text: string): string => text.replaceAll(NUL, '\\0');
