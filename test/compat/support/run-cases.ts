import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { repositoryRoot } from '../../support/source-files.ts';
import type { CompatServer } from './compat-server.ts';
import type { KfpEnvironment } from './kfp-environment.ts';

const PYTHON = join(repositoryRoot, 'test', 'compat', 'python');
const MAX_STDERR = 4000;

interface CaseResult {
  readonly title: string;
  readonly error: string | null;
}

/** Runs the cases of a Python file in one process; each is a test of its own. */
export async function runCases(
  context: TestContext,
  file: string,
  options: { readonly environment: KfpEnvironment & { kind: 'ready' }; readonly server: CompatServer; readonly token?: string },
): Promise<void> {
  const { environment, server, token } = options;
  const { NODE_TEST_CONTEXT: _context, KF_PIPELINES_ENDPOINT: _endpoint, PYTHONPATH: _path, ...env } = process.env;
  const child = spawn(environment.python, ['-B', '-W', 'ignore', join(PYTHON, file)], {
    // kfp keeps settings in the home folder: these tests have none of the user's.
    env: {
      ...env,
      HOME: server.folder,
      PIPEWRIGHT_COMPAT_ENDPOINT: server.url,
      PIPEWRIGHT_COMPAT_FOLDER: server.folder,
      ...(token === undefined ? {} : { PIPEWRIGHT_COMPAT_TOKEN: token }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr = (stderr + text).slice(-MAX_STDERR)));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  for await (const line of createInterface({ input: child.stdout })) {
    const { title, error } = JSON.parse(line) as CaseResult;
    await context.test(title, () => {
      if (error !== null) throw new Error(error);
    });
  }
  const code = await ended;
  if (code !== 0) throw new Error(`${file} ended with ${code}:\n${stderr}`);
}
