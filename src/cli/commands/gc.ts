import { readRetention } from '../../app/retention-policy.ts';
import { EXIT, writeJson } from '../command-error.ts';

export interface GcOptions {
  readonly data: string;
  readonly database?: string;
  readonly artifacts?: string;
  readonly retention?: readonly string[];
  readonly dryRun?: true;
  readonly json?: true;
}

/** `pipewright gc`: one pass of retention, as a server makes it every hour. */
export async function gc(options: GcOptions): Promise<number> {
  const policies = readRetention(options.retention ?? []);
  const { collectGarbage } = await import('../../start-backup.ts');
  const isDryRun = options.dryRun === true;
  const say = (text: string) => {
    if (!options.json) process.stdout.write(`${text}\n`);
  };
  const verb = isDryRun ? 'would remove' : 'removed';
  const runs: string[] = [];
  const result = await collectGarbage({
    dataDir: options.data,
    policies,
    isDryRun,
    ...(options.database === undefined ? {} : { database: options.database }),
    ...(options.artifacts === undefined ? {} : { artifacts: options.artifacts }),
    onRun: ({ runId, displayName, state }, { removed, kept }) => {
      runs.push(runId);
      const stays = kept.length === 0 ? '' : `, ${kept.length} stay for other runs`;
      say(`${verb} ${runId} ${displayName} (${state}): ${removed.length} artifacts${stays}`);
    },
    onLeftover: (path) => say(`${verb} ${path}`),
  });
  if (options.json) writeJson({ ...result, dry_run: isDryRun, run_ids: runs });
  else
    say(
      `${result.runs} runs, ${result.artifacts} artifacts, ${result.leftovers} leftovers${isDryRun ? ' would be removed' : ''}`,
    );
  return EXIT.ok;
}
