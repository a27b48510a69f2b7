import { globSync, rmdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { noPrivateDaemon, PrivateDaemon } from './private-daemon.ts';

export const noPrivateDockerd = (): string | false => noPrivateDaemon('dockerd');

export class PrivateDockerd extends PrivateDaemon {
  constructor() {
    super('dockerd');
  }

  /**
   * `keepsContainers`: they go on while it is away. `hasOwnGroups`: their control groups are not at the usual place. `dataRoot`: where
   * it keeps images, containers and their output.
   */
  async start({
    keepsContainers = false,
    hasOwnGroups = false,
    dataRoot,
  }: { readonly keepsContainers?: boolean; readonly hasOwnGroups?: boolean; readonly dataRoot?: string } = {}): Promise<void> {
    const { folder } = this;
    const [data, exec, pid] = [dataRoot ?? join(folder, 'data'), join(folder, 'exec'), join(folder, 'pid')];
    const paths = ['--data-root', data, '--exec-root', exec, '--pidfile', pid];
    const args = ['--host', this.address, ...paths, '--bridge=none', '--iptables=false', `--live-restore=${keepsContainers}`];
    if (hasOwnGroups) args.push('--cgroup-parent', `/${basename(folder)}`);
    // A daemon that was killed leaves the number of a containerd that died with it, and would wait for that one.
    rmSync(join(exec, 'containerd/containerd.pid'), { force: true });
    // Without a bridge it would take the other daemon's away, were it in the same network.
    await this.launch(['dockerd', ...args]);
  }

  /** It takes connections and does not answer, until it goes on. */
  freeze(): void {
    this.process?.kill('SIGSTOP');
  }

  goOn(): void {
    this.process?.kill('SIGCONT');
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    this.goOn();
    await super[Symbol.asyncDispose]();
    for (const group of globSync(`/sys/fs/cgroup/{*/,}${basename(this.folder)}`)) rmdirSync(group);
  }
}
