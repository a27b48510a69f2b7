import { spawn } from 'node:child_process';
import { ProductError } from '../base/errors.ts';

export interface BuildahEnded {
  readonly code: number;
  readonly stdout: string;
  /** Its last words on stderr. */
  readonly reason: string;
}

/** Answers are short; of a build's output only the end is kept. */
const MAX_KEPT_CHARACTERS = 64 * 1024;

const ENDING_SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Runs buildah to its end. `onOutput`: everything it prints, as it comes; `scratch`: folder for its own files. Throws UNAVAILABLE if it cannot be started. Signals that
 * would end this process end buildah instead, so that its caller can still remove what it made for it.
 */
export function runBuildah(
  args: readonly string[],
  options: { readonly onOutput?: (text: string) => void; readonly scratch?: string } = {},
): Promise<BuildahEnded> {
  const { promise, resolve, reject } = Promise.withResolvers<BuildahEnded>();
  const child = spawn('buildah', args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: options.scratch === undefined ? process.env : { ...process.env, TMPDIR: options.scratch },
  });
  const end = (signal: NodeJS.Signals) => void child.kill(signal);
  for (const signal of ENDING_SIGNALS) process.on(signal, end);
  const settled = () => {
    for (const signal of ENDING_SIGNALS) process.off(signal, end);
  };
  const kept = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      kept[stream] = (kept[stream] + text).slice(-MAX_KEPT_CHARACTERS);
      options.onOutput?.(text);
    });
  }
  child.once('error', (cause) => {
    settled();
    reject(new ProductError('UNAVAILABLE', `buildah cannot be started: ${cause.message}`, { cause }));
  });
  child.once('close', (code, signal) => {
    settled();
    const lines = kept.stderr.trim().split('\n');
    const errors = lines.filter((line) => /^(?:Error|error):/.test(line));
    const reason = signal === null ? (errors.at(-1) ?? lines.slice(-5).join('\n')) : `it was ended by ${signal}`;
    resolve({ code: code ?? 1, stdout: kept.stdout, reason: reason.replace(/^error: /i, '') });
  });
  return promise;
}
