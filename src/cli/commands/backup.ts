import { EXIT } from '../command-error.ts';

export interface BackupCommandOptions {
  readonly data: string;
  readonly secrets?: true;
  readonly quiet?: true;
}

/** `pipewright backup`: a copy of the data folder, also while a server works on it. */
export async function backup(target: string, options: BackupCommandOptions): Promise<number> {
  const { backUp } = await import('../../start-backup.ts');
  const progress = progressLine(options);
  const { files, hasSecrets } = await backUp({
    dataDir: options.data,
    target,
    withSecrets: options.secrets === true,
    onProgress: ({ doing, files: count, bytes }) => progress.show(`${doing}: ${count} files, ${megabytes(bytes)}`),
  }).finally(() => progress.clear());
  const bytes = files.reduce((sum, file) => sum + ('bytes' in file ? file.bytes : 0), 0);
  process.stdout.write(
    `${target}: ${files.length} files, ${megabytes(bytes)}${hasSecrets ? ', with secrets: keep it safe' : ''}\n`,
  );
  return EXIT.ok;
}

/** `pipewright restore`: a new data folder from a backup. */
export async function restore(source: string, options: BackupCommandOptions): Promise<number> {
  const start = await import('../../start-backup.ts');
  const progress = progressLine(options);
  const { createdAt, files, hasSecrets } = await start
    .restore({
      source,
      dataDir: options.data,
      onProgress: ({ doing, files: count, total }) => progress.show(`${doing}: ${count} of ${total} files`),
    })
    .finally(() => progress.clear());
  const secrets = hasSecrets ? '' : '\nSecrets were not part of the backup: create them again with "pipewright secret create".';
  process.stdout.write(
    `${options.data}: ${files.length} files as of ${createdAt}${secrets}\nRuns that were under way go on with: pipewright up --data ${options.data}\n`,
  );
  return EXIT.ok;
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
/** So often a terminal is told more. */
const SHOWN_EVERY_MS = 100;

function progressLine({ quiet }: { readonly quiet?: true }): { show(text: string): void; clear(): void } {
  const { stderr } = process;
  if (quiet || !stderr.isTTY) return { show: () => {}, clear: () => {} };
  let shownMs = 0;
  return {
    show(text) {
      if (performance.now() - shownMs < SHOWN_EVERY_MS) return;
      shownMs = performance.now();
      stderr.write(`\r\u001b[K${text}`);
    },
    clear: () => void stderr.write('\r\u001b[K'),
  };
}
