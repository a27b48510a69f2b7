import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { closeSync, globSync, mkdtempSync, openSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { openDockerApi, type DockerApi } from '../../src/docker/docker-api.ts';
import { readProgress } from '../../src/docker/progress.ts';

/** Why a daemon of its own cannot be started here; false if it can. */
export function noPrivateDockerd(): string | false {
  if (process.getuid?.() !== 0) return 'only root can start a Docker daemon';
  return spawnSync('sh', ['-c', 'command -v dockerd']).status === 0 ? false : 'dockerd is not installed';
}

/** A Docker daemon of the test's own, to be stopped and started: nobody else's containers are on it. */
export class PrivateDockerd implements AsyncDisposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'pipewright-dockerd-'));
  readonly address = `unix://${join(this.#folder, 'docker.sock')}`;
  readonly api: DockerApi = openDockerApi(this.address);
  #process: ChildProcess | undefined;

  /**
   * `keepsContainers`: they go on while it is away. `hasOwnGroups`: their control groups are not at the usual place. `dataRoot`: where
   * it keeps images, containers and their output.
   */
  async start({
    keepsContainers = false,
    hasOwnGroups = false,
    dataRoot,
  }: { readonly keepsContainers?: boolean; readonly hasOwnGroups?: boolean; readonly dataRoot?: string } = {}): Promise<void> {
    const folder = this.#folder;
    const log = openSync(join(folder, 'dockerd.log'), 'a');
    const [data, exec, pid] = [dataRoot ?? join(folder, 'data'), join(folder, 'exec'), join(folder, 'pid')];
    const paths = ['--data-root', data, '--exec-root', exec, '--pidfile', pid];
    const args = ['--host', this.address, ...paths, '--bridge=none', '--iptables=false', `--live-restore=${keepsContainers}`];
    if (hasOwnGroups) args.push('--cgroup-parent', `/${basename(folder)}`);
    // A daemon that was killed leaves the number of a containerd that died with it, and would wait for that one.
    rmSync(join(folder, 'exec/containerd/containerd.pid'), { force: true });
    // In a network of its own: without a bridge it would take the other daemon's away.
    this.#process = spawn('unshare', ['--net', 'dockerd', ...args], { stdio: ['ignore', log, log] });
    closeSync(log);
    const { promise, resolve } = Promise.withResolvers<void>();
    const ask = () =>
      void this.api.call('GET', '/containers/json').then(
        () => resolve(),
        () => setTimeout(ask, 100),
      );
    ask();
    await promise;
  }

  async stop(signal: NodeJS.Signals): Promise<void> {
    const stopped = this.#process;
    if (!stopped || stopped.exitCode !== null || stopped.signalCode !== null) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    stopped.once('exit', () => resolve());
    stopped.kill(signal);
    await promise;
  }

  /** It takes connections and does not answer, until it goes on. */
  freeze(): void {
    this.#process?.kill('SIGSTOP');
  }

  goOn(): void {
    this.#process?.kill('SIGCONT');
  }

  /** Copies an image from another daemon. */
  async load(from: DockerApi, image: string): Promise<void> {
    const archive = await from.open('GET', `/images/${image}/get`);
    const response = await this.api.open('POST', '/images/load', {
      body: archive,
      headers: { 'content-type': 'application/x-tar' },
    });
    await readProgress(response, () => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.goOn();
    const listed = (await this.api.call('GET', '/containers/json').catch(() => [])) as readonly { readonly Id: string }[];
    for (const { Id } of listed) await this.api.call('DELETE', `/containers/${Id}`, { query: { force: true } }).catch(() => {});
    await this.stop('SIGTERM');
    this.api.close();
    const mounts = readFileSync('/proc/mounts', 'utf8')
      .split('\n')
      .map((line) => line.split(' ')[1] ?? '')
      .filter((path) => path.startsWith(this.#folder));
    for (const path of mounts.reverse()) spawnSync('umount', ['--lazy', path]);
    for (const group of globSync(`/sys/fs/cgroup/{*/,}${basename(this.#folder)}`)) rmdirSync(group);
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}
