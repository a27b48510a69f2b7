/** Whether the host's interpreter already has what a step asks for: the last resort without a package index. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Interpreter } from './interpreter.ts';
import type { RunProgram } from './run-program.ts';

/** Prints the requirements that are not met, one JSON list; requirements it cannot read count as not met. */
const CHECK = `
import json, sys
from importlib.metadata import version, PackageNotFoundError
try:
    from packaging.requirements import Requirement
except ImportError:
    try:
        from pip._vendor.packaging.requirements import Requirement
    except ImportError:
        Requirement = None
def met(text):
    try:
        wanted = Requirement(text)
        if wanted.url or (wanted.marker and not wanted.marker.evaluate()):
            return not wanted.url
        return wanted.specifier.contains(version(wanted.name), prereleases=True)
    except (PackageNotFoundError, ValueError, TypeError):
        return False
print("\\n" + json.dumps([text for text in sys.argv[1:] if not met(text)]))
`;

/** The requirements the host's interpreter does not meet; all of them when it cannot be asked. */
export async function missingOnHost(
  requirements: readonly string[],
  interpreter: Interpreter,
  run: RunProgram,
  env: Readonly<Record<string, string | undefined>>,
): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'pipewright-check-'));
  try {
    const outputFile = join(folder, 'answer');
    const { exitCode } = await run({
      argv: [interpreter.path, '-c', CHECK, ...requirements],
      env,
      cwd: folder,
      outputFile,
      timeoutMs: 30_000,
    });
    if (exitCode !== 0) return requirements;
    return JSON.parse((await readFile(outputFile, 'utf8')).trimEnd().split('\n').at(-1) ?? '') as readonly string[];
  } catch {
    return requirements;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
