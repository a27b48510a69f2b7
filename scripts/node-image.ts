import { copyFileSync, cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { docker } from './run-program.ts';

const BUILD_TIMEOUT_MS = 120_000;

/** The Node these scripts run with on the Debian of the Python image, which the official image has, too; with npm if it is here. */
export function buildNodeImage(tag: string): boolean {
  if (process.platform !== 'linux') return false;
  console.log('making the base image node');
  const folder = mkdtempSync(join(tmpdir(), 'pipewright-node-image-'));
  try {
    copyFileSync(process.execPath, join(folder, 'node'));
    const lines = ['FROM python:3.11', 'COPY node /usr/local/bin/node'];
    const npm = join(spawnSync('npm', ['root', '--global'], { encoding: 'utf8' }).stdout?.trim() || '/nowhere', 'npm');
    if (existsSync(npm)) {
      cpSync(npm, join(folder, 'npm'), { recursive: true });
      lines.push('COPY npm /usr/local/lib/node_modules/npm');
      for (const name of ['npm', 'npx'])
        lines.push(`RUN ln -s ../lib/node_modules/npm/bin/${name}-cli.js /usr/local/bin/${name}`);
    }
    writeFileSync(join(folder, 'Dockerfile'), [...lines, 'CMD ["node"]', ''].join('\n'));
    return docker(['build', '--quiet', '--tag', tag, folder], BUILD_TIMEOUT_MS);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
