/**
 * What a step writes belongs to the user it runs as. A server that is not root can neither read nor remove what is somebody else's:
 * it is made ours, by a container of the step's image that runs as root.
 */
import { existsSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import type { DockerApi } from '../../docker/docker-api.ts';
import type { DockerInfo } from '../../docker/docker-info.ts';
import type { TaskLaunch } from '../executor.ts';
import { seLinuxConfig, SHELL } from './container-config.ts';
import { labelsOf } from './container-labels.ts';
import type { DaemonPatience } from './daemon-patience.ts';
import type { DockerAttempt } from './docker-attempt.ts';
import { CONTAINER_LABEL, ownerName } from './step-pod.ts';

export interface HandOverOptions {
  readonly api: DockerApi;
  readonly info: DockerInfo;
  readonly patience: DaemonPatience;
  /** `uid:gid` that steps run as instead of root; undefined where root does no harm. */
  readonly ourUser: string | undefined;
  /** On all our containers. */
  readonly labels: Readonly<Record<string, string>>;
  readonly note: (launch: TaskLaunch, message: string, severity?: 'info' | 'warning') => void;
}

const ROOT = '0:0';
/** Whatever modes the step gave: what we cannot read we cannot keep, and what we cannot write we cannot remove. */
const SCRIPT = 'chown -hR "$0" "$@" && chmod -R u+rwX "$@"';

export class HandOver {
  readonly #options: HandOverOptions;

  constructor(options: HandOverOptions) {
    this.#options = options;
  }

  /** After the end of the attempt's container. Done again, it changes nothing. Notes why it cannot be done. */
  async take(attempt: DockerAttempt): Promise<void> {
    const owner = this.#owner(attempt);
    if (owner === undefined) return;
    const { patience, note } = this.#options;
    const name = ownerName(attempt);
    const call = (method: string, path: string, options = {}) => patience.call(attempt, method, `/containers/${path}`, options);
    const remove = () => call('DELETE', name, { query: { force: true } }).catch(() => {});
    // Left by an engine that was killed.
    await remove();
    try {
      await call('POST', 'create', { query: { name }, body: this.#body(attempt, owner) });
      await call('POST', `${name}/start`);
      const { StatusCode } = await patience.insist(attempt, () => this.#end(name));
      if (StatusCode !== 0) throw new Error(`chown ended with exit status ${StatusCode}`);
    } catch (error) {
      const why = (error as Error).message;
      note(attempt.launch, `what the step wrote as user "${attempt.user}" stays that user's: ${why}`, 'warning');
    } finally {
      await remove();
    }
  }

  /** Who we are in a container; undefined if all that was written is ours, or we are root. */
  #owner({ user = '', launch }: DockerAttempt): string | undefined {
    const { info, ourUser } = this.#options;
    const owner = info.rootless ? ROOT : ourUser;
    const uid = user === '' || user === 'root' ? '0' : user.split(':')[0];
    // An init container may be of any user.
    const isOurs = owner?.split(':')[0] === uid && launch.platform.initContainers.length === 0;
    return isOurs ? undefined : owner;
  }

  #body({ imageId, launch, paths }: DockerAttempt, owner: string): unknown {
    const { info, labels } = this.#options;
    const isApart = !paths.taskRoot.startsWith(`${paths.folder}/`) && existsSync(paths.taskRoot);
    const folders = [paths.folder, ...(isApart ? [paths.taskRoot] : [])];
    return {
      Image: imageId,
      Entrypoint: [SHELL, '-c', SCRIPT, owner, ...folders],
      Cmd: [],
      User: ROOT,
      WorkingDir: '/',
      Labels: { ...labels, ...labelsOf(launch), [CONTAINER_LABEL]: 'owner' },
      HostConfig: {
        NetworkMode: 'none',
        Mounts: folders.map((folder) => ({ Type: 'bind', Source: folder, Target: folder })),
        ...seLinuxConfig(info),
      },
    };
  }

  async #end(name: string): Promise<{ readonly StatusCode: number }> {
    const response = await this.#options.api.open('POST', `/containers/${name}/wait`);
    return JSON.parse(await text(response)) as { readonly StatusCode: number };
  }
}
