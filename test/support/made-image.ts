import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { create } from 'tar';
import type { DockerApi } from '../../src/docker/docker-api.ts';
import { readProgress } from '../../src/docker/progress.ts';

/** An image of the files that `fill` writes, and nothing else: no shell, no program. Removed at the end of the scope. */
export async function madeImage(
  api: DockerApi,
  name: string,
  fill: (folder: string) => void,
): Promise<AsyncDisposable & { readonly name: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'pipewright-image-'));
  try {
    fill(folder);
    const body = Readable.from(create({ cwd: folder, portable: true }, ['.']));
    const [repo, tag = 'latest'] = name.split(/:(?=[^/]*$)/);
    const headers = { 'content-type': 'application/x-tar' };
    const response = await api.open('POST', '/images/create', { query: { fromSrc: '-', repo, tag }, headers, body });
    await readProgress(response, () => {});
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return {
    name,
    [Symbol.asyncDispose]: async () => {
      await api.call('DELETE', `/images/${name}`, { query: { force: true } }).catch(() => {});
    },
  };
}
