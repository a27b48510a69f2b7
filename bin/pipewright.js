#!/usr/bin/env node
// Starts the command line: from source in a clone, from dist/ when installed. In a clone any Node from 18 on will do, since the
// pinned one takes over; this file therefore stays within ES2020.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { resolveOwnModules } from './own-modules.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const source = join(root, 'src', 'cli', 'main.ts');
const isClone = existsSync(source);

if (Number(process.versions.node.split('.')[0]) >= 24 && (!isClone || existsSync(join(root, 'node_modules', 'commander')))) {
  const module = createRequire(import.meta.url)('node:module');
  module.enableCompileCache();
  const kind = isClone ? { extension: '.ts', format: 'module-typescript' } : { extension: '.js', format: 'module' };
  const folder = pathToFileURL(join(root, isClone ? 'src' : 'dist')).href + '/';
  resolveOwnModules(module, { folder, ...kind });
  await import(isClone ? pathToFileURL(source).href : `${folder}cli/main.js`);
} else if (isClone) {
  const { ready } = await import('../scripts/setup.mjs');
  const { handOver } = await import('../scripts/hand-over.mjs');
  handOver(ready(), [fileURLToPath(import.meta.url), ...process.argv.slice(2)]);
} else {
  process.stderr.write(`pipewright needs Node 24 or newer; this is ${process.version}.\n`);
  process.exitCode = 1;
}
