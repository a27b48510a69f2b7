import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ifFound, type DockerApi } from '../../docker/docker-api.ts';

/**
 * Copies a file or folder of a container into `folder`; the answer is where it is then, undefined if there is nothing at the path.
 * A path that is a link is followed as the container follows it. Links in a folder are left out: what they lead to on this machine
 * is not the step's to give.
 */
export async function copyOut(
  api: DockerApi,
  containerId: string,
  { path, folder }: { readonly path: string; readonly folder: string },
): Promise<string | undefined> {
  const open = (at: string) => ifFound(api.open('GET', `/containers/${containerId}/archive`, { query: { path: at } }));
  let archive = await open(path);
  let found = path;
  const linkTarget = linkTargetOf(archive?.headers['x-docker-container-path-stat']);
  if (linkTarget !== '' && linkTarget !== path) {
    archive?.destroy();
    archive = await open((found = linkTarget));
  }
  if (!archive) return undefined;
  await mkdir(folder, { recursive: true });
  const { extract } = await import('tar');
  const filter = (_path: string, entry: object) => 'type' in entry && (entry.type === 'File' || entry.type === 'Directory');
  await pipeline(archive, extract({ cwd: folder, filter }));
  const copy = join(folder, basename(found));
  return existsSync(copy) ? copy : undefined;
}

/**
 * The daemon says where a link leads after all links on the way ("Engine API: get information about files in a container"). Of what
 * is no link Podman says its own path.
 */
function linkTargetOf(header: string | readonly string[] | undefined): string {
  if (typeof header !== 'string') return '';
  const stat = JSON.parse(Buffer.from(header, 'base64').toString('utf8')) as { readonly linkTarget?: string };
  return stat.linkTarget ?? '';
}
