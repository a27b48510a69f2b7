import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Why a registry cannot be started here; false if it can. */
export function noLocalRegistry(): string | false {
  return spawnSync('sh', ['-c', 'command -v docker-registry']).status === 0 ? false : 'docker-registry is not installed';
}

/** A registry of images on loopback, empty, gone at the end. `address`: `127.0.0.1:PORT`. */
export async function localRegistry(): Promise<AsyncDisposable & { readonly address: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'pipewright-registry-'));
  const address = `127.0.0.1:${await freePort()}`;
  const config = {
    version: '0.1',
    log: { level: 'error' },
    storage: { filesystem: { rootdirectory: folder } },
    http: { addr: address },
  };
  const file = join(folder, 'config.yml');
  writeFileSync(file, JSON.stringify(config));
  const server = spawn('docker-registry', ['serve', file], { stdio: 'ignore' });
  for (;;) {
    const answers = await fetch(`http://${address}/v2/`).then(
      (response) => response.ok,
      () => false,
    );
    if (answers) break;
    if (server.exitCode !== null) throw new Error(`docker-registry ended with ${server.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    address,
    async [Symbol.asyncDispose]() {
      const { promise, resolve } = Promise.withResolvers<void>();
      server.once('exit', () => resolve());
      server.kill('SIGTERM');
      await promise;
      rmSync(folder, { recursive: true, force: true });
      forgetImages(address);
    },
  };
}

/** Docker's names for what was pushed to it or pulled from it; the images themselves may have others. */
function forgetImages(address: string): void {
  const { stdout } = spawnSync('docker', ['images', '--digests', '--format', '{{.Repository}} {{.Tag}} {{.Digest}}'], {
    encoding: 'utf8',
  });
  const names = (stdout ?? '').split('\n').flatMap((line) => {
    const [repository = '', tag, digest] = line.split(' ');
    if (!repository.startsWith(`${address}/`)) return [];
    return [...(tag === '<none>' ? [] : [`${repository}:${tag}`]), ...(digest === '<none>' ? [] : [`${repository}@${digest}`])];
  });
  if (names.length > 0) spawnSync('docker', ['rmi', '--force', ...names], { stdio: 'ignore' });
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
