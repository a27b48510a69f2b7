import { type Command, Option } from 'commander';
import type { BackupCommandOptions } from './commands/backup.ts';
import type { GcOptions } from './commands/gc.ts';

/** Commands that work on a whole data folder: `backup`, `restore`, `gc`. */
export function addMaintenance(program: Command): void {
  const data = () => new Option('--data <dir>', 'data folder').default(process.env['PIPEWRIGHT_DATA'] ?? '.pipewright');
  program
    .command('backup')
    .argument('<target>', 'a file that ends in .tar.gz, or a folder; it must not exist')
    .description('Copies the data folder: database, artifacts, logs. A server may go on working on it')
    .addOption(data())
    .option('--secrets', 'with the local secrets, readable for whoever has the backup')
    .option('--quiet', 'show no progress')
    .action(async (target: string, options: BackupCommandOptions) => {
      const { backup } = await import('./commands/backup.ts');
      process.exitCode = await backup(target, options);
    });
  program
    .command('restore')
    .argument('<source>', 'what "pipewright backup" has written')
    .description('Makes a data folder from a backup; runs that were under way go on when a server is started on it')
    .addOption(data())
    .option('--quiet', 'show no progress')
    .action(async (source: string, options: BackupCommandOptions) => {
      const { restore } = await import('./commands/backup.ts');
      process.exitCode = await restore(source, options);
    });
  program
    .command('gc')
    .description('Removes old runs with the artifacts that no other run needs, and what was left behind')
    .addOption(data())
    .option('--retention <policy>', 'such as runs=30d,failed=7d,keep=100, or for a namespace team:runs=90d; repeatable', list)
    .option('--database <url>', 'postgres://… (default: SQLite in the data folder)')
    .option('--artifacts <place>', 'where artifacts are kept, as for up (default: in the data folder)')
    .option('--dry-run', 'tell what would be removed, and remove nothing')
    .option('--json', 'print the result as one JSON object')
    .action(async (options: GcOptions) => {
      const { gc } = await import('./commands/gc.ts');
      process.exitCode = await gc(options);
    });
}

const list = (value: string, earlier: readonly string[] | undefined): string[] => [...(earlier ?? []), value];
