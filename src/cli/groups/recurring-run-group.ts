import type { Command } from 'commander';
import type { CreateRecurringRunOptions } from '../commands/recurring-run.ts';
import type { ListOptions } from '../server/list-query.ts';
import type { ServerOptions } from '../server/session.ts';
import { addListOptions, addYes, serverCommand } from './server-command.ts';

const commands = () => import('../commands/recurring-run.ts');
const RECURRING_RUN = 'id or name';

/** `pipewright recurring-run …`: the verbs and options of kfp's group; `job` is what the API called it first. */
export function addRecurringRunGroup(program: Command): void {
  const group = program
    .command('recurring-run')
    .aliases(['recurring-runs', 'job'])
    .description('Recurring runs: runs that a server starts by a schedule');
  addCreate(group);
  addListOptions(
    serverCommand<ServerOptions & ListOptions & { experimentId?: string }>(
      group,
      { names: ['list'], description: 'Lists recurring runs' },
      async (_, options) => (await commands()).list(options),
    ),
  ).option('-e, --experiment-id <experiment>', 'only those of an experiment: its id or name');
  serverCommand<ServerOptions>(group, { names: ['get'], description: 'Shows a recurring run' }, async ([name], options) =>
    (await commands()).get(name as string, options),
  ).argument('<recurring-run>', RECURRING_RUN);
  for (const verb of ['enable', 'disable'] as const) {
    const description = verb === 'enable' ? 'Lets it start runs' : 'Lets it start no more runs';
    serverCommand<ServerOptions>(group, { names: [verb], description }, async ([name], options) =>
      (await commands()).change(verb, name as string, options),
    ).argument('<recurring-run>', RECURRING_RUN);
  }
  const remove = { names: ['delete'], description: 'Deletes a recurring run; the runs it has started stay' } as const;
  addYes(
    serverCommand<ServerOptions & { yes?: true }>(group, remove, async ([name], options) =>
      (await commands()).remove(name as string, options),
    ).argument('<recurring-run>', RECURRING_RUN),
  );
}

function addCreate(group: Command): void {
  const create = {
    names: ['create'],
    description: 'Starts runs of a file, or of a pipeline on the server, by a schedule',
  } as const;
  serverCommand<CreateRecurringRunOptions>(group, create, async ([args], options) =>
    (await commands()).create(args as readonly string[], options),
  )
    .argument('[file-or-arguments...]', 'a pipeline file, then arguments as name=value')
    .option('--job-name <name>', 'default: the name of the pipeline')
    .option('--description <text>', 'what it is for')
    .option('--experiment-id <id>', 'where its runs belong')
    .option('--experiment-name <name>', 'or its name; made if it does not exist')
    .option('--cron-expression <cron>', "when: six fields, seconds first, such as '0 30 6 * * *', or @hourly")
    .option('--interval-second <seconds>', 'or: every so many seconds')
    .option('--start-time <time>', 'not before, such as 2027-01-31T06:00:00Z')
    .option('--end-time <time>', 'not after')
    .option('--catchup', 'start a run for every time that was missed (the default)')
    .option('--no-catchup', 'of the times that were missed, only the last counts')
    .option('--enabled', 'start at once (the default)')
    .option('--disabled', 'start no runs before it is enabled')
    .option('--max-concurrency <number>', 'runs at a time, 1 to 10', '1')
    .option('--pipeline-id <id>', 'a pipeline on the server')
    .option('--pipeline-name <name>', 'or its name')
    .option('--version-id <version>', 'id or name of its version; default: the newest')
    .option('--pipeline-package-path <file>', 'the pipeline file, as an option')
    .option('--pipeline <name>', 'which pipeline of a TypeScript file with several')
    .option('--params <file>', 'arguments from a JSON or YAML file; name=value wins over it')
    .option('--enable-caching', 'look for every step in the cache')
    .option('--disable-caching', 'run every step')
    .on('option:disable-caching', function (this: Command) {
      this.setOptionValue('enableCaching', false);
    })
    .on('option:disabled', function (this: Command) {
      this.setOptionValue('enabled', false);
    });
}
