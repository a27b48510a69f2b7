import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dag, pipelineDocument, step, task } from '../../test/support/spec-builder.ts';
import { startTestRun } from '../../test/support/decide-driver.ts';
import type { ArtifactType } from '../model/artifact.ts';

function importing(uri: string, typeSchema: ArtifactType) {
  const component = step('exec-import');
  const artifacts = { artifact: { artifactType: typeSchema, metadata: {}, isArtifactList: false } };
  const importer = {
    artifactUri: { kind: 'constant', value: uri },
    typeSchema,
    metadata: {},
    reimport: false,
    downloadToWorkspace: false,
  } as const;
  return startTestRun(
    pipelineDocument(
      dag({ import: task('comp-import') }),
      { 'comp-import': { ...component, outputDefinitions: { parameters: {}, artifacts } } },
      { 'exec-import': { kind: 'importer', importer } },
    ),
  );
}

test('an image is imported as a model, and as nothing else', () => {
  const rows: readonly (readonly [string, ArtifactType, string | undefined])[] = [
    ['oci://registry/model:1', { schemaTitle: 'system.Model' }, undefined],
    [
      'oci://registry/model:1',
      { schemaTitle: 'system.Dataset' },
      'an image (oci://registry/model:1) can only be imported as system.Model, not as system.Dataset',
    ],
    ['s3://bucket/data', { schemaTitle: 'system.Dataset' }, undefined],
    ['', { schemaTitle: 'system.Model' }, 'the URI to import is empty'],
  ];
  for (const [uri, type, message] of rows) {
    const found = importing(uri, type).find('/import')!;
    assert.equal(found.error?.message, message, uri);
    assert.equal(found.state === 'FAILED', message !== undefined, uri);
  }
});
