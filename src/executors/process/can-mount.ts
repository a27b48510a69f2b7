import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { findPython } from './server-pool.ts';

const MOUNT_STEP = fileURLToPath(new URL('./mount_step.py', import.meta.url));
const PROBE_TIMEOUT_MS = 10_000;

/** Whether mount namespaces work here: Linux with python3, and root or unprivileged user namespaces. Tried once. */
export function canMount(path: string): () => Promise<boolean> {
  let answer: Promise<boolean> | undefined;
  return () => (answer ??= probe(path));
}

/** The command that shows folders at other paths and then becomes the step: `…[plan as JSON, argv…]`. */
export function mountCommand(path: string): readonly string[] | undefined {
  const python = process.platform === 'linux' ? findPython(path) : undefined;
  return python === undefined ? undefined : [python, '-S', '-E', MOUNT_STEP];
}

function probe(path: string): Promise<boolean> {
  const command = mountCommand(path);
  if (!command) return Promise.resolve(false);
  return new Promise((resolve) => {
    execFile(command[0]!, [...command.slice(1), '{}'], { timeout: PROBE_TIMEOUT_MS }, (error) => resolve(error === null));
  });
}
