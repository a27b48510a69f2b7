import type { Command } from 'commander';
import type { DownloadOptions } from '../commands/artifact.ts';
import type { ListOptions } from '../server/list-query.ts';
import type { ServerOptions } from '../server/session.ts';
import { addListOptions, serverCommand } from './server-command.ts';

const commands = () => import('../commands/artifact.ts');

/** `pipewright artifact …`: what runs have written. */
export function addArtifactGroup(program: Command): void {
  const group = program.command('artifact').alias('artifacts').description('Artifacts that runs on a server have written');
  addListOptions(
    serverCommand<ServerOptions & ListOptions & { run?: string }>(
      group,
      { names: ['list'], description: 'Lists artifacts' },
      async (_, options) => (await commands()).list(options),
    ),
  ).option('--run <run>', 'only those this run has written');
  serverCommand<ServerOptions>(group, { names: ['get'], description: 'Shows an artifact' }, async ([id], options) =>
    (await commands()).get(id as string, options),
  ).argument('<id>');
  const download = { names: ['download'], description: 'Fetches an artifact: a file as it is, a folder as .tar.gz' } as const;
  serverCommand<DownloadOptions>(group, download, async ([id], options) => (await commands()).download(id as string, options))
    .argument('<id>')
    .option('--to <file>', 'where to write it; - is stdout; default: its own name, here')
    .option('--path <path>', 'one file of an artifact that is a folder');
  serverCommand<ServerOptions>(
    group,
    { names: ['files'], description: 'Lists the files of an artifact' },
    async ([id], options) => (await commands()).files(id as string, options),
  ).argument('<id>');
  const lineage = { names: ['lineage'], description: 'Shows what made an artifact and what used it, across runs' } as const;
  serverCommand<ServerOptions & { depth: string }>(group, lineage, async ([id], options) =>
    (await commands()).lineage(id as string, options),
  )
    .argument('<id>')
    .option('--depth <number>', 'how many executions away', '2');
}
