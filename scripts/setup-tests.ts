/**
 * Gets the machine ready for the tests: what is missing and can be installed is installed (a CI machine is root on Debian), what
 * cannot is told with its consequence. Tests that need a missing thing skip and say so; nothing is left out silently.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { KFP_VERSIONS, kfpEnvironment, type KfpName } from '../test/compat/support/kfp-environment.ts';
import { postgresPrograms } from '../test/support/postgres-cluster.ts';
import { setUpContainers } from './setup-containers.ts';

const APT_TIMEOUT_MS = 180_000;

const works = (program: string, args: readonly string[]): boolean => spawnSync(program, args, { stdio: 'ignore' }).status === 0;

/**
 * Returns one line per thing that is missing and what that means. `containers`: whether tests with containers are among those to run;
 * making their images takes minutes the first time.
 */
export function setUpForTests({ containers }: { readonly containers: boolean }): string[] {
  const missing: string[] = [];
  const pythonReady = (): boolean => works('python3', ['-c', 'import venv, ensurepip']);
  if (!pythonReady()) {
    if (canInstall()) aptInstall(['python3', 'python3-venv']);
    if (!works('python3', ['--version'])) missing.push('python3 is missing: tests of Python steps are skipped.');
    else if (!pythonReady())
      missing.push('python3 cannot make virtual environments (no ensurepip): tests with pip packages are skipped.');
  }
  const chromium = (): boolean =>
    [process.env['CHROMIUM'] ?? 'chromium', 'chromium-browser', 'google-chrome'].some((name) => works(name, ['--version']));
  if (!chromium()) {
    if (canInstall()) aptInstall(['chromium']);
    if (!chromium()) missing.push('Chromium is missing: tests of the dashboard are skipped.');
  }
  if (!works('uv', ['--version']))
    missing.push('uv is not installed: Python environments are built with venv and pip (slower, same result).');
  if (!postgresPrograms() && canInstall()) aptInstall(['postgresql']);
  if (!postgresPrograms()) missing.push('PostgreSQL is not installed (package postgresql): tests on PostgreSQL are skipped.');
  if (!existsSync(new URL('../../shared/conformance/pipelines/index.json', import.meta.url))) {
    missing.push('../shared/conformance is absent: tests against the public pipelines are skipped.');
  }
  if (containers) missing.push(...setUpContainers());
  return missing;
}

/** Installs the kfp clients before the tests that need them: their time is limited. Returns one line per client that is missing. */
export async function setUpClients(): Promise<string[]> {
  const missing: string[] = [];
  for (const name of Object.keys(KFP_VERSIONS) as KfpName[]) {
    const environment = await kfpEnvironment(name);
    if (environment.kind === 'missing') missing.push(`tests with kfp ${KFP_VERSIONS[name]} are skipped: ${environment.reason}.`);
  }
  return missing;
}

const canInstall = (): boolean => process.getuid?.() === 0 && works('apt-get', ['--version']);

function aptInstall(packages: readonly string[]): void {
  console.log(`installing ${packages.join(' ')} with apt-get`);
  const options = {
    stdio: 'ignore',
    timeout: APT_TIMEOUT_MS,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  } as const;
  spawnSync('apt-get', ['update', '-qq'], options);
  spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], options);
}
