import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDockerApi, type DockerApi } from '../../src/docker/docker-api.ts';
import { readProgress } from '../../src/docker/progress.ts';

const START_TIMEOUT_MS = 20_000;
const REMOVAL_TRIES = 10;

/** Why a Podman of the tests' own cannot be started here; false if it can. */
export function noPrivatePodman(): string | false {
  if (process.getuid?.() !== 0) return 'only root can start a Podman service beside the machine’s own';
  return spawnSync('sh', ['-c', 'command -v podman']).status === 0 ? false : 'podman is not installed';
}

/** A Podman service with a store of its own: nobody else's images and containers are in it. */
export class PrivatePodman implements AsyncDisposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'pipewright-podman-'));
  readonly address = `unix://${join(this.#folder, 'podman.sock')}`;
  readonly api: DockerApi = openDockerApi(this.address);
  #process: ChildProcess | undefined;

  /** Throws with the end of its log if it does not come up. */
  async start(): Promise<void> {
    const folder = this.#folder;
    const log = openSync(join(folder, 'podman.log'), 'a');
    const settings = join(folder, 'containers.conf');
    writeFileSync(settings, containersConf());
    // Without systemd there is no other manager of control groups, and nobody to hold the place of the networks' settings.
    const args = ['--root', 'store', '--runroot', 'run', '--tmpdir', 'tmp', '--network-config-dir', 'networks'].map(
      (word, index) => (index % 2 === 0 ? word : join(folder, word)),
    );
    const service = ['--cgroup-manager', 'cgroupfs', 'system', 'service', '--time', '0', this.address];
    // In a network of its own: the bridge it makes goes with it.
    const script = 'ip link set lo up; exec podman "$@"';
    this.#process = spawn('unshare', ['--net', 'sh', '-c', script, 'sh', ...args, ...service], {
      // What watches a container may leave a file where it is.
      cwd: folder,
      stdio: ['ignore', log, log],
      env: { ...process.env, CONTAINERS_CONF: settings },
    });
    const untilMs = Date.now() + START_TIMEOUT_MS;
    while (!(await this.#answers())) {
      if (this.#hasEnded || Date.now() > untilMs) throw new Error(`podman does not start: ${this.#saidLast()}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** Copies an image from a Docker daemon. */
  async load(from: DockerApi, image: string): Promise<void> {
    const archive = await from.open('GET', `/images/${image}/get`);
    const headers = { 'content-type': 'application/x-tar' };
    await readProgress(await this.api.open('POST', '/images/load', { body: archive, headers }), () => {});
  }

  /** Why the machine lets it start none; undefined if it does. */
  async tryContainer(image: string): Promise<string | undefined> {
    const created = await this.api.call('POST', '/containers/create', { body: { Image: image, Cmd: ['true'] } });
    const { Id } = created as { readonly Id: string };
    try {
      await this.api.call('POST', `/containers/${Id}/start`);
      await this.api.call('POST', `/containers/${Id}/wait`);
      return undefined;
    } catch (error) {
      return (error as Error).message;
    } finally {
      await this.#remove(Id);
    }
  }

  /** A container that has just ended cannot always be removed at once. */
  async #remove(id: string): Promise<void> {
    for (let left = REMOVAL_TRIES; ; left -= 1) {
      try {
        await this.api.call('DELETE', `/containers/${id}`, { query: { force: true } });
        return;
      } catch (error) {
        if (left === 1) throw error;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }
  }

  /** Its containers go on: each has a keeper of its own. */
  async stop(): Promise<void> {
    const stopped = this.#process;
    if (!stopped || this.#hasEnded) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    stopped.once('exit', () => resolve());
    stopped.kill('SIGTERM');
    await promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const listed = (await this.api.call('GET', '/containers/json', { query: { all: true } }).catch(() => [])) as readonly {
      readonly Id: string;
    }[];
    for (const { Id } of listed) await this.#remove(Id).catch(() => {});
    await this.stop();
    this.api.close();
    const mounts = readFileSync('/proc/mounts', 'utf8')
      .split('\n')
      .map((line) => line.split(' ')[1] ?? '')
      .filter((path) => path.startsWith(this.#folder));
    for (const path of mounts.reverse()) spawnSync('umount', ['--lazy', path]);
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }

  get #hasEnded(): boolean {
    return this.#process?.exitCode !== null || this.#process.signalCode !== null;
  }

  #answers(): Promise<boolean> {
    return this.api.call('GET', '/containers/json').then(
      () => true,
      () => false,
    );
  }

  #saidLast(): string {
    const log = join(this.#folder, 'podman.log');
    return existsSync(log) ? readFileSync(log, 'utf8').trim().slice(-500) : '';
  }
}

/** Podman gives its containers more open files and processes than a machine may have to give. */
function containersConf(): string {
  const most = (name: string): string => {
    const [, hard = 'unlimited'] =
      new RegExp(`^Max ${name} +\\S+ +(\\S+)`, 'm').exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return String(Math.min(Number(hard) || MOST, MOST));
  };
  const limits = [`nofile=${most('open files')}:${most('open files')}`, `nproc=${most('processes')}:${most('processes')}`];
  return `[containers]\ndefault_ulimits = ${JSON.stringify(limits)}\n`;
}

/** Podman has made its own number of processes smaller than this before it starts any. */
const MOST = 32_768;
