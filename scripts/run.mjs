/**
 * `node scripts/run.mjs FILE.ts [argument …]`: makes the clone ready (setup.mjs), then runs FILE.ts with the pinned Node. Every
 * `npm run` verb goes through here, so that a machine with only Node (18 or newer) and npm can run all of them.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { handOver } from './hand-over.mjs';
import { ready } from './setup.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [file, ...args] = process.argv.slice(2);

if (!file || !existsSync(join(root, file))) {
  process.stderr.write(
    `pipewright: ${file ? `${file} is not in this version of the repository` : 'usage: node scripts/run.mjs FILE.ts'}\n`,
  );
  process.exit(2);
}
const compileCache = pathToFileURL(join(root, 'scripts', 'compile-cache.mjs')).href;
handOver(ready(), ['--import', compileCache, join(root, file), ...args]);
