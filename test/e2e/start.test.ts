import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const bin = fileURLToPath(new URL('../../bin/pipewright.js', import.meta.url));

/** Writes the URL of every module that is resolved, when the process ends. */
const LISTING = `
import { registerHooks } from 'node:module';
import { writeFileSync } from 'node:fs';
const seen = [];
registerHooks({ load(url, context, next) { seen.push(url); return next(url, context); } });
process.on('exit', () => writeFileSync(process.env.MODULES_FILE, seen.join('\\n')));
`;

/** What a server that has been asked nothing does without: each is loaded when it is first needed. */
const LATER = [
  'src/artifacts/s3/s3-client',
  'src/server/v1beta1/',
  'src/server/frontend/',
  'fflate',
  'cel-js',
  'openid-client',
  '/pg/',
  '/tar/',
  'esbuild',
];

test('a server starts without what only some pipelines need', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'pipewright-start-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'modules');
  const server = spawn(
    process.execPath,
    [`--import=data:text/javascript,${encodeURIComponent(LISTING)}`, bin, 'up', '--port', '0', '--data', join(folder, 'data')],
    { env: { ...process.env, MODULES_FILE: file }, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  for await (const line of createInterface(server.stdout)) if (line.includes('is ready')) break;
  server.kill('SIGTERM');
  await once(server, 'exit');
  const modules = readFileSync(file, 'utf8').split('\n');
  assert(modules.some((url) => url.endsWith('src/serve.ts')));
  for (const part of LATER)
    assert.equal(
      modules.find((url) => url.includes(part)),
      undefined,
    );
});
