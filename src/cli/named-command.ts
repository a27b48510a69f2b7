import type { Command } from 'commander';

/** The command that the arguments name, as far as there is one: `pipewright run list`. */
export function namedCommand(program: Command, args: readonly string[]): string {
  let command = program;
  const words = [program.name()];
  for (const arg of args) {
    const found = command.commands.find((each) => each.name() === arg || each.aliases().includes(arg));
    if (!found) continue;
    command = found;
    words.push(found.name());
  }
  return words.join(' ');
}
