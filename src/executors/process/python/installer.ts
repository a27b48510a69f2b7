/** The command lines that make an empty environment and install packages into it: with uv when there is one, else with pip. */
import { join } from 'node:path';
import type { EnvironmentPlan, PackageInstall } from './environment-plan.ts';
import type { Interpreter } from './interpreter.ts';

/** The oldest pip that installs into another environment (`--python`). */
const PIP_WITH_PYTHON_OPTION = [22, 3] as const;
/** A machine that is offline shall be found out soon: one more try after the first. Without any, pip does not say why it failed. */
const RETRIES = '1';

type Env = Readonly<Record<string, string | undefined>>;

/** Where users' own pip settings point to (pip.conf and PIP_… variables, as `pip config list` tells them). */
export interface PipSettings {
  readonly indexUrl?: string;
  readonly extraIndexUrls: readonly string[];
  readonly trustedHosts: readonly string[];
  readonly findLinks: readonly string[];
  readonly certificates?: string;
}

export const NO_PIP_SETTINGS: PipSettings = { extraIndexUrls: [], trustedHosts: [], findLinks: [] };

export function environmentPython(folder: string): string {
  return join(folder, 'bin', 'python3');
}

/** An environment without pip takes a tenth of a second; with pip of its own, seconds. */
export function createCommand(interpreter: Interpreter, folder: string): readonly string[] {
  if (interpreter.uv !== undefined)
    return [interpreter.uv, 'venv', '--quiet', '--no-project', '--python', interpreter.path, folder];
  const withoutPip = hostPipCanInstall(interpreter) ? ['--without-pip'] : [];
  return [interpreter.path, '-m', 'venv', ...withoutPip, folder];
}

export function installCommand(
  interpreter: Interpreter,
  folder: string,
  install: PackageInstall,
  plan: EnvironmentPlan,
  settings: PipSettings,
): readonly string[] {
  const noDeps = install.noDeps ? ['--no-deps'] : [];
  if (interpreter.uv !== undefined) {
    const target = ['--python', environmentPython(folder)];
    return [interpreter.uv, 'pip', 'install', ...target, ...uvIndexes(plan, settings), ...noDeps, ...install.requirements];
  }
  const pip = hostPipCanInstall(interpreter)
    ? [interpreter.path, '-m', 'pip', '--python', environmentPython(folder)]
    : [environmentPython(folder), '-m', 'pip'];
  const quiet = ['--no-input', '--disable-pip-version-check', '--no-warn-script-location', '--progress-bar', 'off'];
  return [...pip, 'install', ...quiet, ...pipIndexes(plan), ...noDeps, ...install.requirements];
}

export function hostPipCanInstall({ pip }: Interpreter): boolean {
  if (!pip) return false;
  return pip[0] > PIP_WITH_PYTHON_OPTION[0] || (pip[0] === PIP_WITH_PYTHON_OPTION[0] && pip[1] >= PIP_WITH_PYTHON_OPTION[1]);
}

function pipIndexes(plan: EnvironmentPlan): readonly string[] {
  return [
    ...plan.indexUrls.flatMap((url) => ['--index-url', url]),
    ...plan.extraIndexUrls.flatMap((url) => ['--extra-index-url', url]),
    ...plan.trustedHosts.flatMap((host) => ['--trusted-host', host]),
  ];
}

/** uv does not read pip's settings: they are handed over. Like pip, it shall take the best version among all indexes. */
function uvIndexes(plan: EnvironmentPlan, settings: PipSettings): readonly string[] {
  const index = plan.indexUrls[0] ?? settings.indexUrl;
  const extra = [...settings.extraIndexUrls, ...plan.extraIndexUrls];
  const hosts = [...settings.trustedHosts, ...plan.trustedHosts].map((host) =>
    host.replace(/^https?:\/\//, '').replace(/\/.*$/, ''),
  );
  return [
    ...(index === undefined ? [] : ['--default-index', index]),
    ...extra.flatMap((url) => ['--index', url]),
    ...(extra.length > 0 ? ['--index-strategy', 'unsafe-best-match'] : []),
    ...hosts.flatMap((host) => ['--allow-insecure-host', host]),
    ...settings.findLinks.flatMap((place) => ['--find-links', place]),
  ];
}

/** They would send packages elsewhere, or keep the installer from saying what went wrong. */
const WITHHELD = [
  'PIP_TARGET',
  'PIP_PREFIX',
  'PIP_ROOT',
  'PIP_REQUIRE_VIRTUALENV',
  'PIP_DRY_RUN',
  'PIP_QUIET',
  'PYTHONPATH',
  'PYTHONHOME',
];

/** The variables for the installer: the user's own, with few changes. */
export function installerEnv(env: Env, settings: PipSettings): Env {
  const rest = Object.fromEntries(Object.entries(env).filter(([name]) => !WITHHELD.includes(name)));
  const certificates =
    settings.certificates === undefined ? {} : { SSL_CERT_FILE: env['SSL_CERT_FILE'] ?? settings.certificates };
  return {
    ...rest,
    ...certificates,
    PIP_USER: '0',
    PIP_RETRIES: Number(env['PIP_RETRIES']) >= 1 ? env['PIP_RETRIES'] : RETRIES,
    UV_HTTP_RETRIES: env['UV_HTTP_RETRIES'] ?? RETRIES,
  };
}

/** Reads the lines of `pip config list`: `global.index-url='…'`, `:env:.extra-index-url='…'`; later lines win. */
export function readPipSettings(listing: string): PipSettings {
  const values: Record<string, string> = {};
  for (const [, key, quoted] of listing.matchAll(/^(?:[\w:]*\.)?([\w-]+)=(['"].*['"])$/gm)) {
    values[key!.replaceAll('_', '-')] = quoted!.slice(1, -1).replaceAll('\\n', '\n');
  }
  const list = (key: string) => (values[key] ?? '').split(/\s+/).filter(Boolean);
  return {
    extraIndexUrls: list('extra-index-url'),
    trustedHosts: list('trusted-host'),
    findLinks: list('find-links'),
    ...(values['index-url'] === undefined ? {} : { indexUrl: values['index-url'] }),
    ...(values['cert'] === undefined ? {} : { certificates: values['cert'] }),
  };
}
