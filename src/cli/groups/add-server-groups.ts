import type { Command } from 'commander';
import { addAccountCommands } from './account-commands.ts';
import { addArtifactGroup } from './artifact-group.ts';
import { addExperimentGroup } from './experiment-group.ts';
import { addPipelineGroup } from './pipeline-group.ts';
import { addRecurringRunGroup } from './recurring-run-group.ts';
import { addRunGroup } from './run-group.ts';
import { addServerOptions } from './server-command.ts';

/**
 * The groups of commands that talk to a server. Their options may stand before the group (`pipewright --endpoint URL run list`), so
 * the program has them too; elsewhere `--output` means something else, which is why options count where they stand.
 */
export function addServerGroups(program: Command): void {
  program.enablePositionalOptions();
  addServerOptions(program);
  const others = new Set(program.commands);
  addPipelineGroup(program);
  addRunGroup(program);
  addExperimentGroup(program);
  addRecurringRunGroup(program);
  addArtifactGroup(program);
  // Behind each verb's own options, which is where the help shows them.
  for (const group of program.commands) if (!others.has(group)) group.commands.forEach(addServerOptions);
  addAccountCommands(program);
}
