/**
 * Gets the machine ready for the tests with containers: `node scripts/setup-containers.ts [--stop]`, and part of `npm test`. As root
 * on Debian it installs Docker and a registry, starts the daemon if none answers, and makes base images without any registry of
 * images. Elsewhere it uses the Docker that is there. It answers with what is missing and what that means.
 */
import { spawn, spawnSync, type SpawnSyncOptions } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { haveBaseImages } from './base-images.ts';
import { cacheFolder } from './image-archives.ts';

const APT_TIMEOUT_MS = 240_000;
const START_TIMEOUT_MS = 30_000;
const POLL_MS = 200;
/** Tried in this order: what containers and virtual machines forbid differs. */
const DAEMON_ARGUMENTS: readonly (readonly string[])[] = [
  [],
  ['--storage-driver=vfs'],
  ['--iptables=false', '--bridge=none'],
  ['--iptables=false', '--bridge=none', '--storage-driver=vfs'],
];

const isRoot = process.getuid?.() === 0;
const works = (program: string, args: readonly string[], options: SpawnSyncOptions = {}): boolean =>
  spawnSync(program, args, { stdio: 'ignore', timeout: 10_000, ...options }).status === 0;
const hasProgram = (name: string): boolean => works('sh', ['-c', `command -v ${name}`]);
const daemonAnswers = (): boolean => works('docker', ['version']);

/** Returns one line per thing that is missing. What was started is ended when this process ends, unless `keepRunning`. */
export function setUpContainers({
  keepRunning = false,
  standIns = false,
}: {
  readonly keepRunning?: boolean;
  /** Also under the names of images that public pipelines use. Default: false. */
  readonly standIns?: boolean;
} = {}): string[] {
  if (process.platform !== 'linux' && !daemonAnswers()) return ['Docker is not running: tests with containers are skipped.'];
  if (isRoot && hasProgram('apt-get')) installPackages();
  if (!hasProgram('docker')) return ['Docker is not installed: tests with containers are skipped.'];
  if (!daemonAnswers()) {
    if (!isRoot || !hasProgram('dockerd'))
      return ['Docker is not running, and only root can start it: tests with containers are skipped.'];
    const pid = startDaemon();
    if (pid === undefined) return [`dockerd does not start (see ${daemonLog()}): tests with containers are skipped.`];
    if (!keepRunning) process.once('exit', () => stopDaemon(pid));
  }
  return [
    ...haveBaseImages({ standIns }),
    ...(hasProgram('docker-registry') ? [] : ['docker-registry is not installed: tests that push images are skipped.']),
    ...(hasProgram('buildah') ? [] : ['buildah is not installed: images are built by Docker only.']),
    ...(hasProgram('podman') ? [] : ['podman is not installed: what is tested with Docker is not tested with Podman.']),
  ];
}

function installPackages(): void {
  const wanted: readonly (readonly [string, string])[] = [
    ['dockerd', 'docker.io'],
    ['docker-registry', 'docker-registry'],
    ['debootstrap', 'debootstrap'],
    ['buildah', 'buildah'],
    ['podman', 'podman'],
  ];
  const packages = wanted.filter(([program]) => !hasProgram(program)).map(([, name]) => name);
  if (packages.length === 0) return;
  console.log(`installing ${packages.join(' ')} with apt-get`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const options = { stdio: 'ignore', timeout: APT_TIMEOUT_MS, env } as const;
  spawnSync('apt-get', ['update', '-qq'], options);
  // One by one: a distribution may not have all of them.
  for (const name of packages) spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name], options);
}

const daemonLog = (): string => join(cacheFolder(), 'dockerd.log');
const daemonPid = (): string => join(cacheFolder(), 'dockerd.pid');

/** Its process id; undefined if it cannot be started in any way. */
function startDaemon(): number | undefined {
  mkdirSync(cacheFolder(), { recursive: true });
  for (const args of DAEMON_ARGUMENTS) {
    console.log(['starting dockerd', ...args].join(' '));
    const log = openSync(daemonLog(), 'a');
    const child = spawn('dockerd', args, { detached: true, stdio: ['ignore', log, log] });
    child.unref();
    const untilMs = Date.now() + START_TIMEOUT_MS;
    while (isAlive(child.pid) && Date.now() < untilMs) {
      if (daemonAnswers()) {
        writeFileSync(daemonPid(), String(child.pid));
        return child.pid;
      }
      pause(POLL_MS);
    }
    if (isAlive(child.pid)) process.kill(child.pid!, 'SIGKILL');
  }
  return undefined;
}

function stopDaemon(pid: number): void {
  if (isAlive(pid)) process.kill(pid, 'SIGTERM');
  rmSync(daemonPid(), { force: true });
}

/** A child that has ended and was not waited for is a zombie. */
function isAlive(pid: number | undefined): boolean {
  if (pid === undefined || !existsSync(`/proc/${pid}/stat`)) return false;
  return !/^\d+ \(dockerd\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}

function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

if (import.meta.main) {
  if (process.argv.includes('--stop')) {
    if (existsSync(daemonPid())) stopDaemon(Number(readFileSync(daemonPid(), 'utf8')));
  } else {
    for (const line of setUpContainers({ keepRunning: true })) console.log(`note: ${line}`);
  }
}
