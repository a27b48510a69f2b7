import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expandVariables } from './expand-variables.ts';
import { mappedPath, workspacePathOf } from '../ir/artifact-paths.ts';
import { stepPathOf } from './local-path.ts';
import { parameterFile } from './step-paths.ts';

test('an artifact is where its store keeps it, else where the SDK’s runtime looks for its URI.', () => {
  const local = { localPath: (uri: string) => (uri.startsWith('/') ? uri : undefined) };
  const rows: readonly (readonly [string, string])[] = [
    ['/root/run/model', '/root/run/model'],
    ['gs://bucket/a/b', '/gcs/bucket/a/b'],
    ['minio://bucket/a', '/minio/bucket/a'],
    ['s3://bucket/a?x=1', '/s3/bucket/a?x=1'],
    ['oci://registry/team/model:v1', '/oci/registry_team_model:v1/models'],
    ['hdfs://name/a', 'hdfs://name/a'],
    ['no scheme', 'no scheme'],
  ];
  for (const [uri, path] of rows) assert.equal(stepPathOf(uri, local), path);
  assert.equal(mappedPath('gs://'), '/gcs/');
  assert.equal(workspacePathOf('gs://bucket/a'), '/kfp-workspace/.artifacts/gcs/bucket/a');
  assert.equal(workspacePathOf('/root/a', '/data/ws'), '/data/ws/.artifacts/root/a');
});

test('the file of an output parameter stays in its folder whatever the name is.', () => {
  const paths = {
    log: '',
    work: '/w',
    parameterPrefix: '/run.out/3.0.',
    aside: '',
    remote: '',
    taskRoot: '',
    executorOutput: '',
  };
  const rows: readonly (readonly [string, string])[] = [
    ['Output', '/run.out/3.0.Output'],
    ['a b', '/run.out/3.0.a%20b'],
    ['..', '/run.out/3.0...'],
    ['../../etc/passwd', '/run.out/3.0...%2F..%2Fetc%2Fpasswd'],
    ['.argument', '/run.out/3.0..argument'],
  ];
  for (const [name, file] of rows) assert.equal(parameterFile(paths, name), file);
});

test('$(NAME) is replaced as Kubernetes does it.', () => {
  const rows: readonly (readonly [string, string])[] = [
    ['plain', 'plain'],
    ['$(A)-$(A)', 'a-a'],
    ['$(NONE) $A ${A} $', '$(NONE) $A ${A} $'],
    ['$$(A) $$$(A) $$$$(A)', '$(A) $a $$(A)'],
    ['$(EMPTY)|', '|'],
    ['$(A', '$(A'],
  ];
  const values: Readonly<Record<string, string>> = { A: 'a', EMPTY: '' };
  for (const [text, expected] of rows)
    assert.equal(
      expandVariables(text, (name) => values[name]),
      expected,
    );
});
