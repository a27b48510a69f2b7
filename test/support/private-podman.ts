import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { noPrivateDaemon, PrivateDaemon } from './private-daemon.ts';

export const noPrivatePodman = (): string | false => noPrivateDaemon('podman');

/** When it is stopped its containers go on: each has a keeper of its own. */
export class PrivatePodman extends PrivateDaemon {
  constructor() {
    super('podman');
  }

  async start(): Promise<void> {
    const settings = join(this.folder, 'containers.conf');
    writeFileSync(settings, containersConf());
    // Without systemd there is no other manager of control groups, and nobody to hold the place of the networks' settings.
    const args = ['--root', 'store', '--runroot', 'run', '--tmpdir', 'tmp', '--network-config-dir', 'networks'].map(
      (word, index) => (index % 2 === 0 ? word : join(this.folder, word)),
    );
    const service = ['--cgroup-manager', 'cgroupfs', 'system', 'service', '--time', '0', this.address];
    // The bridge it makes goes with the network it is in.
    const script = 'ip link set lo up; exec podman "$@"';
    await this.launch(['sh', '-c', script, 'podman', ...args, ...service], { ...process.env, CONTAINERS_CONF: settings });
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
      await this.remove(Id);
    }
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
