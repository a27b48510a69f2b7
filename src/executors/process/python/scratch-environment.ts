/**
 * For commands that are run as they are and call pip by themselves: an environment of the step's own on top of the host's packages,
 * so that what they install neither changes the host's Python nor meets another step.
 */
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { environmentPython } from './installer.ts';
import type { Interpreter } from './interpreter.ts';
import type { RunProgram } from './run-program.ts';

const CREATE_TIMEOUT_MS = 60_000;

/** Whether some word of the command installs with pip, in a script or as a program. */
export function callsPip(argv: readonly string[]): boolean {
  return /(?:^|[\s;&|("'/])pip3?(?:\s+-[\w-]+)*\s+install(?:\s|$)/.test(argv.join(' '));
}

/** Makes the environment in `folder`. Answers with its variables, or undefined when it cannot be made: then the host's are used. */
export async function makeScratchEnvironment(
  folder: string,
  interpreter: Interpreter,
  run: RunProgram,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Readonly<Record<string, string>> | undefined> {
  await mkdir(dirname(folder), { recursive: true });
  // The host's pip is seen through the system's packages; run by the environment's interpreter, it installs there.
  const argv = [interpreter.path, '-m', 'venv', '--without-pip', '--system-site-packages', folder];
  const { exitCode } = await run({ argv, env, cwd: '/', outputFile: '/dev/null', timeoutMs: CREATE_TIMEOUT_MS });
  if (exitCode !== 0) return undefined;
  for (const name of ['pip', 'pip3']) {
    const script = join(folder, 'bin', name);
    await writeFile(script, `#!/bin/sh\nexec '${environmentPython(folder).replaceAll("'", `'\\''`)}' -m pip "$@"\n`);
    await chmod(script, 0o755);
  }
  return { VIRTUAL_ENV: folder, PATH: `${join(folder, 'bin')}:${env['PATH'] ?? '/usr/bin:/bin'}`, PIP_USER: '0' };
}
