/** Runs a helper program (pip, uv, an interpreter's probe) to its end. Steps of users are never started this way. */
import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';

export interface ProgramRun {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Standard output and error are appended to this file. */
  readonly outputFile: string;
  readonly timeoutMs: number;
}

export interface ProgramResult {
  /** 127 when the program cannot be started, 124 when it ran out of time, 1 when a signal ended it. */
  readonly exitCode: number;
}

export type RunProgram = (program: ProgramRun) => Promise<ProgramResult>;

export const NOT_FOUND = 127;
export const TIMED_OUT = 124;

export const runProgram: RunProgram = async ({ argv, env, cwd, outputFile, timeoutMs }) => {
  const output = await open(outputFile, 'a');
  try {
    return await new Promise<ProgramResult>((resolve) => {
      const [file, ...args] = argv;
      const child = spawn(file!, args, { cwd, env: { ...env }, stdio: ['ignore', output.fd, output.fd] });
      let timedOut = false;
      const timer = setTimeout(() => {
        timedOut = true;
        child.kill('SIGKILL');
      }, timeoutMs);
      const end = (exitCode: number) => {
        clearTimeout(timer);
        resolve({ exitCode });
      };
      child.once('error', () => end(NOT_FOUND));
      child.once('close', (code) => end(timedOut ? TIMED_OUT : (code ?? 1)));
    });
  } finally {
    await output.close();
  }
};
