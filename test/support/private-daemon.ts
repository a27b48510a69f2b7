import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDockerApi, type DockerApi } from '../../src/docker/docker-api.ts';
import { readProgress } from '../../src/docker/progress.ts';

const START_TIMEOUT_MS = 60_000;
const REMOVAL_TRIES = 10;

/** Why a daemon of the tests' own cannot be started here; false if it can. */
export function noPrivateDaemon(program: 'dockerd' | 'podman'): string | false {
  if (process.getuid?.() !== 0) return `only root can start a ${program} beside the machine’s own`;
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0 ? false : `${program} is not installed`;
}

/** A daemon with a store of its own, to be stopped and started: nobody else's images and containers are in it. */
export abstract class PrivateDaemon implements AsyncDisposable {
  readonly address: string;
  readonly api: DockerApi;
  protected readonly folder: string;
  protected process: ChildProcess | undefined;
  readonly #name: string;
  readonly #log: string;

  constructor(name: string) {
    this.#name = name;
    this.folder = mkdtempSync(join(tmpdir(), `pipewright-${name}-`));
    this.#log = join(this.folder, `${name}.log`);
    this.address = `unix://${join(this.folder, `${name}.sock`)}`;
    this.api = openDockerApi(this.address);
  }

  /** Starts it in a network of its own. Throws with the end of its log if it does not come up. */
  protected async launch(command: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<void> {
    const log = openSync(this.#log, 'a');
    // In its folder: what watches a container may leave a file where it is.
    this.process = spawn('unshare', ['--net', ...command], { cwd: this.folder, stdio: ['ignore', log, log], env });
    closeSync(log);
    const untilMs = Date.now() + START_TIMEOUT_MS;
    while (!(await this.#answers())) {
      if (this.#hasEnded || Date.now() > untilMs) throw new Error(`${this.#name} does not start: ${this.#saidLast()}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const stopped = this.process;
    if (!stopped || this.#hasEnded) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    stopped.once('exit', () => resolve());
    stopped.kill(signal);
    await promise;
  }

  /** Copies an image from another daemon. */
  async load(from: DockerApi, image: string): Promise<void> {
    const archive = await from.open('GET', `/images/${image}/get`);
    const headers = { 'content-type': 'application/x-tar' };
    await readProgress(await this.api.open('POST', '/images/load', { body: archive, headers }), () => {});
  }

  /** A container that has just ended cannot always be removed at once. */
  protected async remove(id: string): Promise<void> {
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

  async [Symbol.asyncDispose](): Promise<void> {
    const listed = await this.api.call('GET', '/containers/json', { query: { all: true } }).catch(() => []);
    for (const { Id } of listed as readonly { readonly Id: string }[]) await this.remove(Id).catch(() => {});
    await this.stop();
    this.api.close();
    const mounts = readFileSync('/proc/mounts', 'utf8')
      .split('\n')
      .map((line) => line.split(' ')[1] ?? '')
      .filter((path) => path.startsWith(this.folder));
    for (const path of mounts.reverse()) spawnSync('umount', ['--lazy', path]);
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }

  get #hasEnded(): boolean {
    return this.process?.exitCode !== null || this.process.signalCode !== null;
  }

  #answers(): Promise<boolean> {
    return this.api.call('GET', '/containers/json').then(
      () => true,
      () => false,
    );
  }

  #saidLast(): string {
    return readFileSync(this.#log, 'utf8').trim().slice(-500);
  }
}
