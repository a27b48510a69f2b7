import { type Command, Option } from 'commander';
import { AUTH_OPTIONS } from '../server/auth/auth-config.ts';
import type { UpOptions } from './commands/up.ts';
import { addPlacementOptions, collectText } from './placement-options.ts';

/** `pipewright up` and its options. */
export function addUp(program: Command): void {
  const command = program
    .command('up')
    .description("Starts the platform: KFP's REST API, the dashboard and the engine in one process")
    .option('--host <name>', 'where to listen', '127.0.0.1')
    .option('--port <number>', 'port; 0 for any that is free', '8888')
    .option('--data <dir>', 'data folder: runs, artifacts, logs, cache', process.env['PIPEWRIGHT_DATA'] ?? '.pipewright')
    .option('--artifacts <place>', 'where artifacts are kept: a folder or s3://bucket/prefix (default: in the data folder)')
    .addOption(new Option('--executor <name>', 'where steps run').choices(['auto', 'process', 'docker', 'nope']).default('auto'))
    .option('--time-zone <name>', 'time zone of cron expressions', process.env['CRON_SCHEDULE_TIMEZONE'] ?? 'UTC')
    .option(
      '--report-canceled',
      "report runs that were terminated as CANCELED, which kfp's wait does not end on, instead of FAILED",
    )
    .option('--pipeline-origin <url>', 'an origin pipelines may be fetched from by URL; may be given several times', collectText)
    .option(
      '--retention <policy>',
      'remove old runs with what only they have: runs=30d,failed=7d,archived=1d,keep=100, or NAMESPACE:…; may be given several times',
      collectText,
    )
    .option('--log-level <level>', 'debug, info, warn or error (default: warn on a terminal, else info)')
    .option('--log-format <format>', 'json or text (default: text on a terminal, else json)')
    .option('--samples', 'upload the sample pipelines, once')
    .option('--components <folder>', 'component files to serve at /components/, for any ComponentStore')
    .option('--web <folder>', "another dashboard, such as a build of KFP's web frontend")
    .option('--quiet', 'print nothing when it is ready')
    .action(async (options: UpOptions) => {
      const { up } = await import('./commands/up.ts');
      process.exitCode = await up(options);
    });
  command.option(
    '--database <url>',
    'postgres://… keeps everything but files there, for several servers (default: SQLite in the data folder)',
  );
  addPlacementOptions(command);
  for (const { flags, description, env } of AUTH_OPTIONS) command.option(flags, `${description} [env ${env}]`);
}
