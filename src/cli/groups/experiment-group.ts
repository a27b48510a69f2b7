import type { Command } from 'commander';
import type { WhichExperiment } from '../commands/experiment.ts';
import type { ListOptions } from '../server/list-query.ts';
import type { ServerOptions } from '../server/session.ts';
import { addListOptions, addYes, serverCommand } from './server-command.ts';

const commands = () => import('../commands/experiment.ts');
const EXPERIMENT = 'id or name';

/** `pipewright experiment …`: the verbs and options of kfp's group. */
export function addExperimentGroup(program: Command): void {
  const group = program.command('experiment').alias('experiments').description('Experiments: groups of runs on a server');
  const create = { names: ['create'], description: 'Makes an experiment, or shows the one that has the name' } as const;
  serverCommand<ServerOptions & { description?: string }>(group, create, async ([name], options) =>
    (await commands()).create(name as string, options),
  )
    .argument('<name>')
    .option('-d, --description <text>', 'what it is for');
  addListOptions(
    serverCommand<ServerOptions & ListOptions>(group, { names: ['list'], description: 'Lists experiments' }, async (_, options) =>
      (await commands()).list(options),
    ),
  );
  serverCommand<ServerOptions>(group, { names: ['get'], description: 'Shows an experiment' }, async ([experiment], options) =>
    (await commands()).get(experiment as string, options),
  ).argument('<experiment>', EXPERIMENT);
  const archive = { names: ['archive'], description: 'Archives an experiment and its runs' } as const;
  addWhich(
    serverCommand<WhichExperiment>(group, archive, async ([experiment], options) =>
      (await commands()).archive(experiment as string | undefined, options),
    ),
  );
  const unarchive = { names: ['unarchive'], description: 'Takes an experiment out of the archive; its runs stay there' } as const;
  addWhich(
    serverCommand<WhichExperiment>(group, unarchive, async ([experiment], options) =>
      (await commands()).unarchive(experiment as string | undefined, options),
    ),
  );
  const remove = { names: ['delete'], description: 'Deletes an experiment; its runs stay' } as const;
  addYes(
    serverCommand<ServerOptions & { yes?: true }>(group, remove, async ([experiment], options) =>
      (await commands()).remove(experiment as string, options),
    ).argument('<experiment>', EXPERIMENT),
  );
}

/** kfp has these two verbs take the experiment as an option. */
function addWhich(command: Command): void {
  command
    .argument('[experiment]', EXPERIMENT)
    .option('--experiment-id <id>', 'the experiment, as an option')
    .option('--experiment-name <name>', 'or its name');
}
