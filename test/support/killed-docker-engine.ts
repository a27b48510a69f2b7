import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TaskLaunch } from '../../src/executors/executor.ts';

const ENGINE = fileURLToPath(new URL('engine-to-be-killed.ts', import.meta.url));

/** An engine that has launched the steps and is killed, without a chance to do anything. */
export async function killedEngine(dataDir: string, steps: readonly TaskLaunch[], until: () => boolean): Promise<void> {
  const engine = spawn(process.execPath, [ENGINE, dataDir, 'docker'], { stdio: ['pipe', 'pipe', 'inherit'] });
  engine.stdin.end(JSON.stringify(steps));
  let ended = false;
  engine.once('exit', () => (ended = true));
  await waitFor(() => ended || until());
  engine.kill('SIGKILL');
  await waitFor(() => ended);
}

export async function waitFor(isDone: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isDone())) await new Promise((resolve) => setTimeout(resolve, 20));
}

export const readOr = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8') : '');

/** A data folder and a run of its own: other tests work on the same daemon. */
export function scene() {
  const dataDir = mkdtempSync(join(tmpdir(), 'pipewright-docker-'));
  const runId = `run-${dataDir.slice(-6).toLowerCase()}`;
  return { dataDir, runId, [Symbol.dispose]: () => rmSync(dataDir, { recursive: true, force: true }) };
}
