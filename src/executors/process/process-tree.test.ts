import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { findMembers } from './process-tree.ts';
import { findPython } from './server-pool.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));

test('a first process that is not known, or a pid that stands for all processes, has no members.', () => {
  for (const pid of [0, 1, -1])
    assert.equal(findMembers(new Map([['nobody.0.0', { pid, log: '/nowhere' }]])).get('nobody.0.0')!.size, 0);
});

test('the Python twin finds none either.', { skip: findPython(process.env['PATH'] ?? '') === undefined }, () => {
  const script = `import process_tree
for pid in (0, 1, -1):
    print(len(process_tree.find_members({"nobody.0.0": (pid, "/nowhere")})["nobody.0.0"]), process_tree.signal_group(pid, 0))`;
  const answer = execFileSync('python3', ['-c', script], { cwd: HERE, encoding: 'utf8' });
  assert.equal(answer, '0 False\n'.repeat(3));
});
