/**
 * `npm run build`: what is published, in dist/: compiled modules with their types, and the files that are run as they are (Python,
 * the runtime of TypeScript steps), and the dashboard. `npm pack` calls it.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, globSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildWeb } from './build-web.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

rmSync(join(root, 'dist'), { recursive: true, force: true });
const compiler = join(root, 'node_modules', '.bin', 'tsc');
const { status } = spawnSync(compiler, ['--project', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);
for (const file of globSync('src/**/*.{py,mjs}', { cwd: root })) {
  const target = join(root, 'dist', file.slice('src/'.length));
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(join(root, file), target);
}
const { folder } = await buildWeb();
cpSync(folder, join(root, 'dist', 'web'), { recursive: true });
