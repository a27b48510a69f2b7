/** Builds one environment in its folder. The marker is written last and by rename: a folder without it is half-made and built anew. */
import { appendFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { userRequirements, type EnvironmentPlan } from './environment-plan.ts';
import {
  createCommand,
  hostPipCanInstall,
  installCommand,
  installerEnv,
  NO_PIP_SETTINGS,
  readPipSettings,
  type PipSettings,
} from './installer.ts';
import type { Interpreter } from './interpreter.ts';
import { TIMED_OUT, type RunProgram } from './run-program.ts';

const MARKER = 'pipewright-environment.json';
const INSTALL_TIMEOUT_MS = 30 * 60_000;
const TAIL_LINES = 15;
/** What pip and uv say when no index answers. */
const UNREACHABLE =
  /NewConnectionError|NameResolutionError|Temporary failure in name resolution|Name or service not known|nodename nor servname|Failed to establish a new connection|Connection refused|Network is unreachable|ConnectTimeoutError|Read timed out|ReadTimeoutError|ProxyError|dns error|error sending request|client error \(Connect\)|Could not connect|Failed to connect|Unable to connect|Connection timed out|No route to host/i;

export interface BuiltEnvironment {
  /** Version of the kfp among the installed packages; null when there is none. */
  readonly kfp: string | null;
}

export interface BuildFailure {
  readonly purpose: 'create' | 'user' | 'kfp';
  /** No package index answered, as opposed to: it did and has no such package. */
  readonly unreachable: boolean;
  /** One line: the installer's own last error. */
  readonly reason: string;
  /** Last lines of the installer's output. */
  readonly tail: string;
}

export type BuildResult = ({ readonly kind: 'built' } & BuiltEnvironment) | ({ readonly kind: 'failed' } & BuildFailure);

export interface BuildContext {
  readonly run: RunProgram;
  readonly interpreter: Interpreter;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logFile: string;
}

/** What was built in the folder, or undefined when nothing was or not to its end. */
export async function readBuilt(folder: string): Promise<BuiltEnvironment | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, MARKER), 'utf8')) as BuiltEnvironment;
  } catch {
    return undefined;
  }
}

export async function buildEnvironment(plan: EnvironmentPlan, folder: string, context: BuildContext): Promise<BuildResult> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(context.logFile, '');
  const settings =
    context.interpreter.uv !== undefined && plan.installs.length > 0 ? await askPipSettings(context) : NO_PIP_SETTINGS;
  const created = await runLogged('create', createCommand(context.interpreter, folder), context, settings);
  if (created) return created;
  for (const install of plan.installs) {
    const failed = await runLogged(
      install.purpose,
      installCommand(context.interpreter, folder, install, plan, settings),
      context,
      settings,
    );
    if (failed) return failed;
  }
  const built: BuiltEnvironment = { kfp: await installedKfp(folder) };
  const marker = join(folder, MARKER);
  await writeFile(`${marker}.new`, JSON.stringify({ ...built, requirements: userRequirements(plan), plan }));
  await rename(`${marker}.new`, marker);
  return { kind: 'built', ...built };
}

async function runLogged(
  purpose: BuildFailure['purpose'],
  argv: readonly string[],
  context: BuildContext,
  settings: PipSettings,
): Promise<BuildResult | undefined> {
  const { run, logFile } = context;
  await appendFile(logFile, `$ ${argv.join(' ').replaceAll(/\/\/[^/@\s]*@/g, '//…@')}\n`);
  const before = (await readFile(logFile, 'utf8')).length;
  const { exitCode } = await run({
    argv,
    env: installerEnv(context.env, settings),
    cwd: '/',
    outputFile: logFile,
    timeoutMs: INSTALL_TIMEOUT_MS,
  });
  if (exitCode === 0) return undefined;
  const output = (await readFile(logFile, 'utf8')).slice(before);
  return { kind: 'failed', purpose, ...explain(output, exitCode, context.interpreter) };
}

function explain(output: string, exitCode: number, interpreter: Interpreter): Omit<BuildFailure, 'purpose'> {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const lastError =
    lines.findLast((line) => /^\s*(?:ERROR:|error:|cause:|×|╰─▶)/.test(line)) ?? lines.at(-1) ?? `exit code ${exitCode}`;
  const noPip = interpreter.uv === undefined && !hostPipCanInstall(interpreter) && /ensurepip|No module named pip/.test(output);
  const reason =
    exitCode === TIMED_OUT
      ? `it took longer than ${INSTALL_TIMEOUT_MS / 60_000} minutes`
      : noPip
        ? `${interpreter.path} has no pip to install packages with (install uv, or the packages python3-pip and python3-venv)`
        : lastError.replace(/^\s*(?:ERROR:|error:|cause:|×|╰─▶)\s*/, '').trim();
  return { unreachable: UNREACHABLE.test(output), reason, tail: lines.slice(-TAIL_LINES).join('\n') };
}

async function askPipSettings({ run, interpreter, env, logFile }: BuildContext): Promise<PipSettings> {
  if (!interpreter.pip) return NO_PIP_SETTINGS;
  const outputFile = `${logFile}.settings`;
  await writeFile(outputFile, '');
  const { exitCode } = await run({
    argv: [interpreter.path, '-m', 'pip', 'config', 'list'],
    env,
    cwd: '/',
    outputFile,
    timeoutMs: 30_000,
  });
  const listing = await readFile(outputFile, 'utf8');
  await rm(outputFile, { force: true });
  return exitCode === 0 ? readPipSettings(listing) : NO_PIP_SETTINGS;
}

/** Read from the name of `kfp-<version>.dist-info`, which every installer writes. */
async function installedKfp(folder: string): Promise<string | null> {
  const lib = join(folder, 'lib');
  for (const python of await readdir(lib)) {
    for (const entry of await readdir(join(lib, python, 'site-packages'))) {
      const version = /^kfp-(\d.*)\.dist-info$/.exec(entry)?.[1];
      if (version !== undefined) return version;
    }
  }
  return null;
}
