import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ControlGroupFinder, type GroupFolders } from './control-group-finder.ts';

const ID = 'f18d8c1d62e596afe05b888d41239b5457d97e4e5e5c28de90f1c7c538d23300';

const V2 = '26 20 0:23 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate';
const V1 = [
  '33 32 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid - cgroup cgroup rw,cpu,cpuacct',
  '34 32 0:30 / /sys/fs/cgroup/memory rw,nosuid - cgroup cgroup rw,memory',
  '35 32 0:31 / /sys/fs/cgroup/cpuset rw,nosuid - cgroup cgroup rw,cpuset',
].join('\n');
/** Docker in a container, as it sees its own machine. */
const NESTED = V1.replaceAll(' / /sys', ' /docker/outer /sys');

interface Case {
  readonly title: string;
  readonly mounts: string;
  /** Folders there are. */
  readonly folders: readonly string[];
  /** /proc/7/cgroup, if its pid is asked for. */
  readonly process?: string;
  readonly found: GroupFolders | undefined;
}

const rows: readonly Case[] = [
  {
    title: 'version 2, systemd',
    mounts: V2,
    folders: [`/sys/fs/cgroup/system.slice/docker-${ID}.scope`],
    found: { unified: `/sys/fs/cgroup/system.slice/docker-${ID}.scope` },
  },
  {
    title: 'version 2, cgroupfs',
    mounts: V2,
    folders: [`/sys/fs/cgroup/docker/${ID}`],
    found: { unified: `/sys/fs/cgroup/docker/${ID}` },
  },
  {
    title: 'version 1, cgroupfs',
    mounts: V1,
    folders: [`/sys/fs/cgroup/memory/docker/${ID}`, `/sys/fs/cgroup/cpu,cpuacct/docker/${ID}`],
    found: { memory: `/sys/fs/cgroup/memory/docker/${ID}`, cpuacct: `/sys/fs/cgroup/cpu,cpuacct/docker/${ID}` },
  },
  {
    title: 'version 1, systemd',
    mounts: V1,
    folders: ['memory', 'cpu,cpuacct'].map((name) => `/sys/fs/cgroup/${name}/system.slice/docker-${ID}.scope`),
    found: {
      memory: `/sys/fs/cgroup/memory/system.slice/docker-${ID}.scope`,
      cpuacct: `/sys/fs/cgroup/cpu,cpuacct/system.slice/docker-${ID}.scope`,
    },
  },
  {
    title: 'a daemon without root',
    mounts: V2,
    folders: [`/sys/fs/cgroup/user.slice/user-1000.slice/user@1000.service/user.slice/docker-${ID}.scope`],
    process: `0::/user.slice/user-1000.slice/user@1000.service/user.slice/docker-${ID}.scope`,
    found: { unified: `/sys/fs/cgroup/user.slice/user-1000.slice/user@1000.service/user.slice/docker-${ID}.scope` },
  },
  {
    title: 'a daemon with a parent group of its own, with processes below the container',
    mounts: V2,
    folders: [`/sys/fs/cgroup/build.slice/libpod-${ID}.scope/container`],
    process: `0::/build.slice/libpod-${ID}.scope/container`,
    found: { unified: `/sys/fs/cgroup/build.slice/libpod-${ID}.scope/container` },
  },
  {
    title: 'a daemon in our own container',
    mounts: NESTED,
    folders: [`/sys/fs/cgroup/memory/docker/${ID}`, `/sys/fs/cgroup/cpu,cpuacct/docker/${ID}`],
    process: `5:memory:/docker/outer/docker/${ID}\n4:cpu,cpuacct:/docker/outer/docker/${ID}\n1:name=systemd:/x`,
    found: { memory: `/sys/fs/cgroup/memory/docker/${ID}`, cpuacct: `/sys/fs/cgroup/cpu,cpuacct/docker/${ID}` },
  },
  {
    title: 'a container beside ours, whose groups are not shown to us',
    mounts: NESTED,
    folders: [],
    process: `5:memory:/docker/${ID}\n4:cpu,cpuacct:/docker/${ID}`,
    found: undefined,
  },
];

for (const { title, mounts, folders, process, found } of rows) {
  test(`control groups are found: ${title}`, () => {
    const files: Record<string, string> = { '/proc/self/mountinfo': mounts, '/proc/7/cgroup': process ?? '' };
    const finder = new ControlGroupFinder({ read: (file) => files[file] ?? '', exists: (path) => folders.includes(path) });
    if (process !== undefined) {
      assert.equal(finder.find(ID), undefined);
      assert.equal(finder.learn(ID, 7), true);
    }
    assert.deepEqual(finder.find(ID), found);
    assert.equal(finder.find(ID.replace('f', 'e')), undefined);
  });
}

test('a process that is not of the container teaches nothing: its daemon is on another machine', () => {
  const files: Record<string, string> = { '/proc/self/mountinfo': V2, '/proc/7/cgroup': '0::/init.scope' };
  const finder = new ControlGroupFinder({ read: (file) => files[file] ?? '', exists: () => true });
  assert.equal(finder.learn(ID, 7), false);
  assert.equal(new ControlGroupFinder({ read: () => '', exists: () => false }).canFind, false);
});
