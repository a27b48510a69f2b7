/** What there is on this machine to run Python steps with and to install their packages. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProductError } from '../../../base/errors.ts';
import type { RunProgram } from './run-program.ts';

export interface Interpreter {
  /** Absolute path of the interpreter itself, behind any shim. */
  readonly path: string;
  /** `3.11.7` */
  readonly version: string;
  /** Implementation, operating system and machine: `cpython-311-linux-x86_64`. */
  readonly platform: string;
  /** Version of pip as [major, minor]; undefined without pip. */
  readonly pip: readonly [number, number] | undefined;
  /** Version of the kfp package the interpreter can import. */
  readonly kfp: string | undefined;
  /** Top-level modules of the standard library; empty before Python 3.10, which does not tell. */
  readonly standardModules: ReadonlySet<string>;
  /** Path of uv, when it is on PATH. */
  readonly uv: string | undefined;
}

const PROBE = `
import json, shutil, sys, sysconfig
def version(name):
    try:
        from importlib.metadata import version
        return version(name)
    except Exception:
        return None
print("\\n" + json.dumps({"path": sys.executable, "version": "%d.%d.%d" % sys.version_info[:3], "pip": version("pip"), "kfp": version("kfp"),
    "platform": sys.implementation.cache_tag + "-" + sysconfig.get_platform(), "uv": shutil.which("uv"),
    "modules": sorted(getattr(sys, "stdlib_module_names", []))}))
`;
const PROBE_TIMEOUT_MS = 30_000;
const OLDEST_PYTHON = [3, 8] as const;

/** Asks the first of `programs` that starts. Throws UNAVAILABLE when none does or it is too old. */
export async function findInterpreter(
  programs: readonly string[],
  run: RunProgram,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Interpreter> {
  for (const program of programs) {
    const answer = await askInterpreter(program, run, env);
    if (answer) return checkVersion(answer);
  }
  throw new ProductError('UNAVAILABLE', `no Python interpreter starts on this machine (tried ${programs.join(', ')})`, {
    hint: 'Python steps need Python 3.8 or newer on PATH; or run the pipeline with --executor docker',
  });
}

async function askInterpreter(
  program: string,
  run: RunProgram,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Interpreter | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'pipewright-probe-'));
  try {
    const outputFile = join(folder, 'answer');
    const { exitCode } = await run({ argv: [program, '-c', PROBE], env, cwd: folder, outputFile, timeoutMs: PROBE_TIMEOUT_MS });
    if (exitCode !== 0) return undefined;
    return readAnswer((await readFile(outputFile, 'utf8')).trimEnd().split('\n').at(-1) ?? '');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Answer {
  readonly path: string;
  readonly version: string;
  readonly platform: string;
  readonly pip: string | null;
  readonly kfp: string | null;
  readonly uv: string | null;
  readonly modules: readonly string[];
}

function readAnswer(line: string): Interpreter | undefined {
  let answer: Answer;
  try {
    answer = JSON.parse(line) as Answer;
  } catch {
    return undefined;
  }
  const { path, version, platform } = answer;
  const standardModules = new Set(answer.modules);
  return {
    path,
    version,
    platform,
    pip: readPipVersion(answer.pip),
    kfp: answer.kfp ?? undefined,
    uv: answer.uv ?? undefined,
    standardModules,
  };
}

function readPipVersion(text: string | null): readonly [number, number] | undefined {
  const parts = /^(\d+)\.(\d+)/.exec(text ?? '');
  return parts ? [Number(parts[1]), Number(parts[2])] : undefined;
}

function checkVersion(interpreter: Interpreter): Interpreter {
  const [major, minor] = interpreter.version.split('.').map(Number);
  if (major === OLDEST_PYTHON[0] && minor! >= OLDEST_PYTHON[1]) return interpreter;
  throw new ProductError('UNAVAILABLE', `${interpreter.path} is Python ${interpreter.version}; steps need 3.8 or newer`, {
    hint: 'put a newer python3 first on PATH',
  });
}
