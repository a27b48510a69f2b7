import { execFile } from 'node:child_process';
import { access, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { ProductError } from '../base/errors.ts';

/** Importing kfp alone takes seconds on a slow machine; a compilation beyond this hangs. */
const COMPILE_TIMEOUT_MS = 120_000;
const MAX_MESSAGE_LINES = 12;
/** What the SDK's `kfp` command does; as a module, `python -m kfp.cli` does nothing. */
const COMPILE = 'import sys; from kfp.cli.__main__ import main; sys.exit(main())';

/**
 * Compiles a Python pipeline with the kfp SDK of the user's environment (`kfp dsl compile`) and returns the YAML. The file is
 * the user's own code on their own machine, as when they run it with python3; a server never does this.
 */
export async function compilePython(file: string): Promise<Buffer> {
  const python = await pythonWithKfp();
  const folder = await mkdtemp(join(tmpdir(), 'pipewright-compile-'));
  try {
    const output = join(folder, 'pipeline.yaml');
    await run(python, ['-c', COMPILE, 'dsl', 'compile', '--py', resolve(file), '--output', output]).catch((cause: unknown) => {
      const problem = { path: basename(file), message: lastLines(cause) };
      throw new ProductError('INVALID_PIPELINE', `kfp could not compile ${file}`, { problems: [problem], cause });
    });
    return await readFile(output);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The first Python that can import kfp: an active virtual environment, one in the current folder, then PATH. */
export async function pythonWithKfp(): Promise<string> {
  const active = process.env['VIRTUAL_ENV'];
  const candidates = [...(active ? [join(active, 'bin', 'python')] : []), join('.venv', 'bin', 'python'), 'python3', 'python'];
  for (const python of candidates) {
    if (python.includes('bin') && !(await exists(python))) continue;
    const found = await run(python, ['-c', 'import importlib.util, sys; sys.exit(importlib.util.find_spec("kfp") is None)']).then(
      () => true,
      () => false,
    );
    if (found) return python;
  }
  throw new ProductError('UNAVAILABLE', 'no Python with the kfp SDK was found to compile the file with', {
    hint: 'Install it: python3 -m venv .venv && .venv/bin/pip install kfp   Or compile the file elsewhere and give the YAML.',
  });
}

const run = (program: string, args: readonly string[]) =>
  promisify(execFile)(program, [...args], { timeout: COMPILE_TIMEOUT_MS, maxBuffer: 16 * 1024 * 1024 });

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** The end of what the compiler printed: Python's own message about the user's code. */
function lastLines(cause: unknown): string {
  const { stderr, message } = cause as { stderr?: string; message: string };
  const lines = (stderr || message).trim().split('\n');
  return lines.slice(-MAX_MESSAGE_LINES).join('\n    ');
}
