import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openControlGroup } from './control-group.ts';

/** A folder with these files, as the kernel writes them. */
function folderOf(files: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'pipewright-group-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

const nothing = () => {};

const V2 = {
  'memory.current': '300\n',
  'memory.peak': '400\n',
  'memory.stat': 'anon 100\nfile 150\nkernel 50\nfile_mapped 20\ninactive_anon 0\ninactive_file 40\nactive_file 110\n',
  'cpu.stat': 'usage_usec 2500\nuser_usec 2000\nsystem_usec 500\n',
  'cgroup.events': 'populated 1\nfrozen 0\n',
};

test('control groups of version 2 are read: what could be given back are files that are not mapped', () => {
  using group = folderOf(V2);
  using opened = openControlGroup({ unified: group.folder }, nothing);
  assert.deepEqual(opened!.read(), { cpuMs: 2.5, usageBytes: 300, peakBytes: 400, reclaimableBytes: 130 });
});

test('a kernel that keeps no peak is read without it', () => {
  const { 'memory.peak': _, ...files } = V2;
  using group = folderOf(files);
  using opened = openControlGroup({ unified: group.folder }, nothing);
  assert.deepEqual(opened!.read(), { cpuMs: 2.5, usageBytes: 300, reclaimableBytes: 130 });
});

test('control groups of version 1 are read with what is below them, beside version 2 that only watches', () => {
  using group = folderOf({
    'memory/memory.usage_in_bytes': '300\n',
    'memory/memory.max_usage_in_bytes': '500\n',
    'memory/memory.stat': 'inactive_file 1\ntotal_mapped_file 200\ntotal_inactive_file 90\ntotal_active_file 70\n',
    'cpuacct/cpuacct.usage': '7500000\n',
    'unified/cgroup.events': 'populated 1\n',
  });
  const folders = { memory: join(group.folder, 'memory'), cpuacct: join(group.folder, 'cpuacct') };
  using opened = openControlGroup({ ...folders, unified: join(group.folder, 'unified') }, nothing);
  assert.deepEqual(opened!.read(), { cpuMs: 7.5, usageBytes: 300, peakBytes: 500, reclaimableBytes: 90 });
});

test('the end of the last process is told', async () => {
  using group = folderOf(V2);
  const ended = Promise.withResolvers<void>();
  using _opened = openControlGroup({ unified: group.folder }, ended.resolve);
  writeFileSync(join(group.folder, 'cgroup.events'), 'populated 0\n');
  await ended.promise;
});

test('a group without the controller of memory, or one that is gone, cannot be opened', () => {
  using group = folderOf({ 'cpu.stat': V2['cpu.stat'], 'cgroup.events': '' });
  assert.equal(openControlGroup({ unified: group.folder }, nothing), undefined);
  assert.equal(openControlGroup({ unified: join(group.folder, 'gone') }, nothing), undefined);
  assert.equal(openControlGroup({ memory: group.folder }, nothing), undefined);
});
