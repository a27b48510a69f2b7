import type { Command } from 'commander';
import type { CreateRunOptions } from '../commands/run-create.ts';
import type { LogsOptions } from '../commands/run-logs.ts';
import type { CloneOptions, GetRunOptions, ListRunsOptions } from '../commands/run.ts';
import type { ServerOptions } from '../server/session.ts';
import { addListOptions, addYes, serverCommand } from './server-command.ts';
import { parsePriority } from '../placement-options.ts';

const commands = () => import('../commands/run.ts');
const RUN = 'id, a beginning of it, name, or "last"';

/** `pipewright run …`: the verbs and options of kfp's group in both its spellings, and what KFP's API can do besides. */
export function addRunGroup(program: Command): void {
  const group = program.command('run').alias('runs').description('Runs on a server');
  addCreating(group);
  addReading(group);
  addChanging(group);
}

function addCreating(group: Command): void {
  const create = { names: ['create', 'submit'], description: 'Starts a run of a file, or of a pipeline on the server' } as const;
  serverCommand<CreateRunOptions>(group, create, async ([args], options) => {
    const { createRun } = await import('../commands/run-create.ts');
    return createRun(args as readonly string[], options);
  })
    .argument('[file-or-arguments...]', 'a pipeline file, then arguments as name=value')
    .option('-e, --experiment-name <name>', 'made if it does not exist; default: Default')
    .option('--experiment-id <id>', 'or its id')
    .option('-r, --run-name <name>', 'default: the name of the pipeline and the time')
    .option('--description <text>', 'what it is for')
    .option('-f, --package-file <file>', 'the pipeline file, as an option')
    .option('--pipeline <name>', 'which pipeline of a TypeScript file with several')
    .option('-p, --pipeline-id <id>', 'a pipeline on the server')
    .option('-n, --pipeline-name <name>', 'or its name')
    .option('-v, --version <version>', 'id or name of its version; default: the newest')
    .option('--params <file>', 'arguments from a JSON or YAML file; name=value wins over it')
    .option('--pipeline-root <uri>', 'where its artifacts go')
    .option('--service-account <name>', 'for runs on Kubernetes')
    .option('--enable-caching', 'look for every step in the cache')
    .option('--disable-caching', 'run every step')
    .option('--priority <number>', 'while the machine is full, larger ones go first; default: 0', parsePriority)
    .option('-w, --watch', 'show the run until it ends; the exit code is its result')
    .option('-t, --timeout <seconds>', 'wait for its end, at most so long', '0')
    .on('option:disable-caching', function (this: Command) {
      this.setOptionValue('enableCaching', false);
    });
  const clone = { names: ['clone'], description: 'Starts the pipeline of a run again' } as const;
  serverCommand<CloneOptions>(group, clone, async ([run, pairs], options) =>
    (await commands()).clone(run as string, pairs as readonly string[], options),
  )
    .argument('<run>', RUN)
    .argument('[arguments...]', 'name=value, where they shall differ')
    .option('-r, --run-name <name>', 'default: one made from its name')
    .option('--disable-caching', 'run every step')
    .on('option:disable-caching', function (this: Command) {
      this.setOptionValue('enableCaching', false);
    });
}

function addReading(group: Command): void {
  addListOptions(
    serverCommand<ListRunsOptions>(group, { names: ['list'], description: 'Lists runs' }, async (_, options) =>
      (await commands()).list(options),
    ),
  ).option('-e, --experiment-id <experiment>', 'only those of an experiment: its id or name');
  serverCommand<GetRunOptions>(group, { names: ['get'], description: 'Shows a run' }, async ([run], options) =>
    (await commands()).get(run as string, options),
  )
    .argument('<run>', RUN)
    .option('-w, --watch', 'show it until it ends; the exit code is its result')
    .option('-d, --detail', 'the same as --output json');
  const wait = { names: ['wait'], description: 'Waits for the end of a run; the exit code is its result' } as const;
  serverCommand<ServerOptions & { timeout: string }>(group, wait, async ([run], options) =>
    (await commands()).wait(run as string, options),
  )
    .argument('<run>', RUN)
    .option('-t, --timeout <seconds>', 'wait at most so long; 0: without a limit', '0');
  const logs = { names: ['logs'], description: 'Prints what the steps of a run have printed' } as const;
  serverCommand<LogsOptions>(group, logs, async ([run, task], options) => {
    const { logs: print } = await import('../commands/run-logs.ts');
    return print(run as string, task as string | undefined, options);
  })
    .argument('<run>', RUN)
    .argument('[task]', 'path or name of a step, such as /train; default: all')
    .option('-f, --follow', 'go on as they print more')
    .option('--attempt <number>', 'which attempt of a step that was retried, from 0; default: the last')
    .option('--tail <bytes>', 'only the end');
  const use = { names: ['use'], description: 'Shows what its steps used lately, and what they should ask for' } as const;
  serverCommand<ServerOptions>(group, use, async ([run], options) => {
    const { showUse } = await import('../commands/run-use.ts');
    return showUse(run as string, options);
  }).argument('<run>', RUN);
}

function addChanging(group: Command): void {
  const verbs = [
    ['archive', 'Puts a run into the archive'],
    ['unarchive', 'Takes a run out of the archive'],
    ['terminate', 'Ends a run early'],
    ['retry', 'Goes on with a run that failed, keeping what succeeded'],
  ] as const;
  for (const [verb, description] of verbs) {
    const command = serverCommand<ServerOptions & { fromTask?: string }>(
      group,
      { names: [verb], description },
      async ([run], options) => (await commands()).change(verb, run as string, options),
    ).argument('<run>', RUN);
    if (verb === 'retry') command.option('--from-task <path>', 'run this task and what depends on it again');
  }
  addYes(
    serverCommand<ServerOptions & { yes?: true }>(
      group,
      { names: ['delete'], description: 'Deletes a run' },
      async ([run], options) => (await commands()).remove(run as string, options),
    ).argument('<run>', RUN),
  );
}
