/** `npm run fmt`: writes every source file in the project's format. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folders = ['src', 'test', 'scripts', 'bench', 'examples', 'bin', 'web'];
const result = spawnSync(fileURLToPath(new URL('../node_modules/.bin/oxfmt', import.meta.url)), folders, {
  cwd: root,
  stdio: 'inherit',
});
process.exitCode = result.status ?? 1;
