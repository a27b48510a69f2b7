/**
 * Finds the control groups of containers in this machine's file system.
 *
 * Owns what is known of where this daemon puts them. Doesn't own the requests that tell a container's pid (usage-sampler.ts).
 * I1. A folder is a container's only if its path holds the container's whole id: a daemon on another machine has none here.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** A mounted hierarchy; `root` is the group that is seen at `mountPoint`. */
export interface Hierarchy {
  readonly root: string;
  readonly mountPoint: string;
}

/** cgroups(7): version 1 has a hierarchy for each controller, version 2 one for all; a machine may have both. */
export interface Hierarchies {
  readonly memory?: Hierarchy;
  readonly cpuacct?: Hierarchy;
  readonly unified?: Hierarchy;
}

type HierarchyName = keyof Hierarchies;

/** Folders of one container. `memory` and `cpuacct` are version 1, `unified` is version 2. */
export type GroupFolders = Readonly<Partial<Record<HierarchyName, string>>>;

const ID = '<id>';
/** Docker's, with the drivers cgroupfs and systemd. Others are learned from a container's pid. */
const USUAL_PATHS = [`/docker/${ID}`, `/system.slice/docker-${ID}.scope`];

export interface HostFiles {
  /** "" if it cannot be read. */
  readonly read: (file: string) => string;
  readonly exists: (path: string) => boolean;
}

const HOST: HostFiles = {
  read(file) {
    try {
      return readFileSync(file, 'utf8');
    } catch {
      return '';
    }
  },
  exists: existsSync,
};

export class ControlGroupFinder {
  readonly #host: HostFiles;
  readonly #hierarchies: Hierarchies;
  /** Paths in each hierarchy, with ID for the container's; the one that was right last goes first. */
  #paths: readonly Readonly<Partial<Record<HierarchyName, string>>>[];

  constructor(host: HostFiles = HOST) {
    this.#host = host;
    this.#hierarchies = readHierarchies(host.read('/proc/self/mountinfo'));
    this.#paths = USUAL_PATHS.map((path) => ({ memory: path, cpuacct: path, unified: path }));
  }

  /** Without hierarchies there is nothing to find, whatever a container's pid is. */
  get canFind(): boolean {
    return Object.keys(this.#hierarchies).length > 0;
  }

  /** Undefined if its groups are not here, or not where earlier ones were. */
  find(containerId: string): GroupFolders | undefined {
    for (const paths of this.#paths) {
      const folders = this.#foldersOf(paths, containerId);
      if (folders === undefined) continue;
      if (this.#paths[0] !== paths) this.#paths = [paths, ...this.#paths.filter((other) => other !== paths)];
      return folders;
    }
    return undefined;
  }

  /** From a process of a container to where this daemon puts all of them. False if no such process of it is on this machine. */
  learn(containerId: string, pid: number): boolean {
    const paths: Partial<Record<HierarchyName, string>> = {};
    for (const line of this.#host.read(`/proc/${pid}/cgroup`).split('\n')) {
      const [number, controllers = '', ...rest] = line.split(':');
      const path = rest.join(':');
      if (!path.includes(containerId)) continue;
      const name = hierarchyOf(number === '0' ? 'cgroup2' : 'cgroup', controllers.split(','));
      for (const each of name) paths[each] = path.replaceAll(containerId, ID);
    }
    if (Object.keys(paths).length === 0) return false;
    this.#paths = [paths, ...this.#paths];
    return true;
  }

  #foldersOf(paths: Readonly<Partial<Record<HierarchyName, string>>>, containerId: string): GroupFolders | undefined {
    const found = Object.entries(this.#hierarchies).flatMap(([name, { root, mountPoint }]) => {
      const path = paths[name as HierarchyName];
      const below = path === undefined ? '..' : relative(root, path.replaceAll(ID, containerId));
      const folder = join(mountPoint, below);
      return !below.startsWith('..') && this.#host.exists(folder) ? [[name, folder] as const] : [];
    });
    return found.length === 0 ? undefined : Object.fromEntries(found);
  }
}

/** proc_pid_mountinfo(5): `36 35 0:30 /root /mount/point rw - cgroup cgroup rw,memory`. */
export function readHierarchies(mountinfo: string): Hierarchies {
  const found: Partial<Record<HierarchyName, Hierarchy>> = {};
  for (const line of mountinfo.split('\n')) {
    const [place = '', system = ''] = line.split(' - ');
    const [, , , root = '', mountPoint = ''] = place.split(' ');
    const [type = '', , options = ''] = system.split(' ');
    for (const name of hierarchyOf(type, options.split(','))) found[name] ??= { root, mountPoint };
  }
  return found;
}

function hierarchyOf(type: string, controllers: readonly string[]): readonly HierarchyName[] {
  if (type === 'cgroup2') return ['unified'];
  return type === 'cgroup' ? (['memory', 'cpuacct'] as const).filter((name) => controllers.includes(name)) : [];
}
