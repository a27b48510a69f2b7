import { spawnSync } from 'node:child_process';

/** Whether it ended well. */
export function runs(
  program: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly timeout?: number; readonly env?: NodeJS.ProcessEnv } = {},
): boolean {
  return spawnSync(program, args, { stdio: 'ignore', ...options }).status === 0;
}

export function docker(args: readonly string[], timeout = 30_000): boolean {
  return runs('docker', args, { timeout });
}
