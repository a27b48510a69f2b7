/** A platform as `pipewright up` starts it, in a process of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface ServerProcess extends AsyncDisposable {
  readonly url: string;
  /** From starting the process to the first answer. */
  readonly readyMs: number;
  readonly child: ChildProcess;
}

const bin = fileURLToPath(new URL('../../bin/pipewright.js', import.meta.url));
const POLL_MS = 2;

export async function serverProcess(dataDir: string, port: number, options: readonly string[] = []): Promise<ServerProcess> {
  const started = performance.now();
  const place = ['--port', String(port), '--data', dataDir];
  // As on a terminal: warnings and errors are seen, not every request.
  const child = spawn(process.execPath, [bin, 'up', '--quiet', '--log-level', 'warn', ...place, ...options], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const url = `http://127.0.0.1:${port}`;
  while (!(await isReady(url))) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  const readyMs = performance.now() - started;
  return {
    url,
    readyMs,
    child,
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/apis/v2beta1/healthz`);
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
