import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { lockFolder } from '../../../src/base/folder-lock.ts';

/** The clients the suite is for, as they are on the package index. */
export const KFP_VERSIONS = { kfp2: '2.17.3', kfp1: '1.8.24' } as const;
export type KfpName = keyof typeof KFP_VERSIONS;

export type KfpEnvironment =
  | { readonly kind: 'ready'; readonly python: string; readonly bin: string }
  /** Why there is none: no Python, no way to the package index. Tests skip and print it. */
  | { readonly kind: 'missing'; readonly reason: string };

const INSTALL_TIMEOUT_MS = 240_000;
/** kfp 1.8 asks for pkg_resources, which newer setuptools do not have and newer Pythons do not bring. */
const ALSO: Readonly<Record<KfpName, readonly string[]>> = { kfp2: [], kfp1: ['setuptools<81'] };
const NO_INDEX =
  /No matching distribution|Could not find a version|Connection|Name or service|name resolution|Max retries|timed out|ProxyError/i;

const run = promisify(execFile);

/**
 * A Python environment with one version of kfp, in the user's cache folder: made once, by whoever comes first; others wait. An
 * installation that fails for another reason than an index that cannot be reached throws.
 */
export async function kfpEnvironment(name: KfpName): Promise<KfpEnvironment> {
  const python = await run('python3', ['-c', 'import sys, venv, ensurepip; print("%d.%d" % sys.version_info[:2])']).catch(
    () => undefined,
  );
  if (!python) return { kind: 'missing', reason: 'python3 with venv is not installed' };
  const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'pipewright', 'compat');
  const folder = join(cache, `kfp-${KFP_VERSIONS[name]}-python${python.stdout.trim()}`);
  const ready: KfpEnvironment = { kind: 'ready', python: join(folder, 'bin', 'python'), bin: join(folder, 'bin') };
  const marker = join(folder, 'ready');
  if (existsSync(marker)) return ready;
  await mkdir(cache, { recursive: true });
  using _lock = await lockFolder(`${folder}.lock`, () => console.log(`waiting for the environment of kfp ${KFP_VERSIONS[name]}`));
  if (existsSync(marker)) return ready;
  await rm(folder, { recursive: true, force: true });
  const reason = await install(folder, name);
  if (reason !== undefined) return { kind: 'missing', reason };
  await writeFile(marker, '');
  return ready;
}

/** Undefined, or why the package index could not be used. */
async function install(folder: string, name: KfpName): Promise<string | undefined> {
  const packages = [`kfp==${KFP_VERSIONS[name]}`, ...ALSO[name]];
  console.log(`installing ${packages.join(' ')} for the compat suite`);
  await run('python3', ['-m', 'venv', folder]);
  try {
    await run(join(folder, 'bin', 'pip'), ['install', '--quiet', '--disable-pip-version-check', '--retries', '2', ...packages], {
      timeout: INSTALL_TIMEOUT_MS,
    });
    return undefined;
  } catch (error) {
    const { stderr = '', message } = error as { stderr?: string; message: string };
    if (!NO_INDEX.test(stderr)) throw error;
    const lines = (stderr || message).trim().split('\n');
    return `kfp ${KFP_VERSIONS[name]} cannot be installed: ${lines.at(-1)}`;
  }
}
