/**
 * `npm run compat`: the kfp clients 2.x and 1.8 as they are on the package index, each in an environment of its own in the user's
 * cache folder, against a real server. The same tests are part of `npm test`.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const tests = fileURLToPath(new URL('test.ts', import.meta.url));
const { status } = spawnSync(process.execPath, [tests, 'test/compat/'], { stdio: 'inherit' });
process.exitCode = status ?? 1;
