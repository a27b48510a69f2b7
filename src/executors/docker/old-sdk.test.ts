import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TaskLaunch } from '../executor.ts';
import { forOldSdk, isOldSdk, mountsForOldSdk, restoreUris } from './old-sdk.ts';

const PROGRAM = 'python3 -m kfp.components.executor_main "$@"';
const VERSIONS: readonly (readonly [words: readonly string[], isOld: boolean])[] = [
  [["pip install 'kfp==2.0.0-beta.16'", PROGRAM], true],
  [["pip install 'kfp==2.4.0'", PROGRAM], true],
  [["pip install 'kfp==1.8.22'", PROGRAM.replace('kfp.', 'kfp.v2.')], true],
  [["pip install 'kfp==2.5.0'", PROGRAM], false],
  [["pip install 'kfp==2.14.3'", PROGRAM], false],
  [['echo kfp==2.0.1'], false],
];

test('a step is of an old SDK if it installs one before 2.5 and runs a component with it.', () => {
  for (const [command, isOld] of VERSIONS)
    assert.equal(isOldSdk({ command, args: [] } as unknown as TaskLaunch), isOld, command.join(' '));
});

test('an old SDK finds local artifacts at the path it makes of their URI, and what it reports names them as they are.', async () => {
  const artifact = { name: 'data', uri: '/root/data', metadata: { uri: '/stays' } };
  const remote = { name: 'other', uri: 's3://bucket/other', metadata: {} };
  const input = {
    inputs: { parameterValues: { uri: '/stays' }, artifacts: { data: { artifacts: [artifact, remote] } } },
    outputs: { outputFile: '/root/output_metadata.json' },
  };
  const [flag, word, text] = forOldSdk(['--executor_input', JSON.stringify(input), '{"uri" is no JSON']);
  assert.deepEqual([flag, text], ['--executor_input', '{"uri" is no JSON']);
  const seen = JSON.parse(word!) as typeof input;
  const [{ uri }] = seen.inputs.artifacts.data.artifacts as [typeof artifact];
  assert.match(uri, /^gs:\/\/[^/]{64,}\/root\/data$/);
  // Nothing else is changed.
  assert.deepEqual(JSON.parse(word!.replace(uri, '/root/data')), input);

  const mounts = mountsForOldSdk([
    { source: '/root', target: '/root' },
    { source: '/volume', target: '/mnt' },
  ]);
  const path = uri.replace('gs://', '/gcs/');
  assert.deepEqual(mounts.slice(2), [{ source: '/root', target: path.slice(0, -'/data'.length) }]);

  const folder = mkdtempSync(join(tmpdir(), 'pipewright-old-sdk-'));
  const file = join(folder, 'output_metadata.json');
  try {
    writeFileSync(file, JSON.stringify({ artifacts: { data: { artifacts: [{ uri }] } }, parameterValues: { path } }));
    for (let time = 0; time < 2; time += 1) await restoreUris(file);
    assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), {
      artifacts: { data: { artifacts: [{ uri: '/root/data' }] } },
      parameterValues: { path: '/root/data' },
    });
    await restoreUris(join(folder, 'absent.json'));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
