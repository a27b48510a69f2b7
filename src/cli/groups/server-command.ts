import { type Command, Option } from 'commander';

const HEADING = 'Server:';

/** The options that say which server is meant and how to print. The same stand before the group, as kfp has them, and after the verb. */
export function addServerOptions(command: Command): Command {
  const options = [
    new Option('--endpoint <url>', 'address of the server (KF_PIPELINES_ENDPOINT); default: http://127.0.0.1:8888'),
    new Option('--namespace <name>', 'namespace, on a server for several users (PIPEWRIGHT_NAMESPACE)'),
    new Option('--token <token>', 'API token (PIPEWRIGHT_TOKEN); default: the one kept by `pipewright login`'),
    new Option('--output <format>', 'how to print the result').choices(['table', 'json']),
  ];
  for (const option of options) command.addOption(option.helpGroup(HEADING));
  return command;
}

/** A verb of a group that talks to a server. `act` is given its arguments and all options, and returns the exit code. */
export function serverCommand<Options>(
  group: Command,
  verb: Verb,
  act: (args: readonly (string | readonly string[] | undefined)[], options: Options) => Promise<number>,
): Command {
  const [name, ...aliases] = verb.names;
  const command = group.command(name).description(verb.description);
  if (aliases.length > 0) command.aliases(aliases);
  return command.action(async () => {
    const { processedArgs } = command;
    process.exitCode = await act(processedArgs as readonly (string | undefined)[], command.optsWithGlobals<Options & object>());
  });
}

export interface Verb {
  /** The verb, and what else it is called: kfp 1.8 and 2.x differ. */
  readonly names: readonly [string, ...string[]];
  readonly description: string;
}

/** Options of every list. */
export function addListOptions(command: Command): Command {
  return command
    .option('-m, --max-size <number>', 'objects on a page, at most 200', '100')
    .option('--page-token <token>', 'the page after one that told this token')
    .option('--sort-by <field>', 'field and direction', 'created_at desc')
    .option('--filter <conditions>', "such as 'state=FAILED,name~penguin', or the JSON of an API filter");
}

export const addYes = (command: Command): Command => command.option('-y, --yes', 'do not ask');
