import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ArtifactQuery } from '../store.ts';
import { artifactsStatement } from '../sql/recorded-runs.ts';
import { openDatabase } from './open-database.ts';

const rows: readonly [Partial<ArtifactQuery>, RegExp][] = [
  [{}, /^SEARCH artifacts USING INDEX artifacts_pipeline \(namespace=\? AND pipeline_name=\?\)$/],
  [{ uri: '/data/x' }, /SEARCH artifacts USING INDEX artifacts_uri/],
  [{ uri: '/data/x', typeName: 'system.Model' }, /SEARCH artifacts USING INDEX artifacts_uri/],
  [
    { typeName: 'system.Model' },
    /^SEARCH artifacts USING INDEX artifacts_type \(namespace=\? AND pipeline_name=\? AND type_name=\?\)$/,
  ],
];

for (const [query, plan] of rows) {
  test(`Artifacts asked for by ${Object.keys(query).join(' and ') || 'pipeline'} are found along an index.`, async () => {
    const { database } = await openDatabase({ file: ':memory:' });
    const { sql, values } = artifactsStatement({ namespace: '', pipelineName: '', limit: 1, ...query });
    const steps = database.prepare(`explain query plan ${sql}`).all(...values);
    database.close();
    assert.match(steps.map((step) => step['detail']).join('; '), plan);
  });
}
