import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newerFeature } from './newer-features.ts';

test('a feature that the pinned kfp does not have is named, with the version that brought it', () => {
  const rows: readonly (readonly [source: string, version: string, expected: string | undefined])[] = [
    ["out.set_path('/tmp/x')", '2.14.6', 'Artifact.set_path'],
    ["out.set_path('/tmp/x')", '2.15.0', undefined],
    ['def f(c: dsl.TaskConfig): pass', '2.12', 'dsl.TaskConfig'],
    ['def f(c: dsl.EmbeddedInput[dsl.Dataset]): pass', '2.5.0', 'dsl.EmbeddedInput'],
    ['def f(): return 1', '2.5.0', undefined],
    ['x.set_path(1)', 'main', undefined],
  ];
  for (const [source, version, expected] of rows)
    assert.equal(newerFeature(source, version)?.name, expected, `${source} ${version}`);
  assert.equal(newerFeature('x.set_path(1)', '2.14.6')?.since, '2.15');
});
