import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from '../../support/source-files.ts';

const READY = /pipewright is ready: (\S+)/;

/** A real server (`pipewright up` on a free port) with a folder for the files of the tests. */
export interface CompatServer extends AsyncDisposable {
  readonly url: string;
  readonly folder: string;
}

export async function compatServer(options: { readonly password?: string } = {}): Promise<CompatServer> {
  const folder = await mkdtemp(join(tmpdir(), 'pipewright-compat-'));
  const { NODE_TEST_CONTEXT: _context, PIPEWRIGHT_AUTH_PASSWORD: _password, ...env } = process.env;
  const args = [
    join(repositoryRoot, 'bin', 'pipewright.js'),
    'up',
    '--port',
    '0',
    '--data',
    join(folder, 'data'),
    '--executor',
    'process',
  ];
  const child = spawn(process.execPath, args, {
    env: { ...env, ...(options.password === undefined ? {} : { PIPEWRIGHT_AUTH_PASSWORD: options.password }) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let printed = '';
  const url = await new Promise<string>((resolve, reject) => {
    const take = (text: string): void => {
      printed += text;
      const found = READY.exec(printed)?.[1];
      if (found !== undefined) resolve(found);
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    void exited.then(() => reject(new Error(`the server did not start:\n${printed}`)));
  });
  return {
    url,
    folder,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await exited;
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
