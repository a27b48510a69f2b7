// The OpenAPI documents in docs/ are those the server gives out.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openApiOf } from '../../src/api/open-api.ts';
import { VERSION } from '../../src/base/version.ts';
import { apiTables } from '../../src/server/dialects.ts';
import { repositoryRoot } from '../support/source-files.ts';

for (const [name, tables] of Object.entries(apiTables(VERSION))) {
  test(`docs/reference/openapi/${name}.json is made from the tables.`, () => {
    const file = join(repositoryRoot, 'docs/reference/openapi', `${name}.json`);
    const kept: unknown = JSON.parse(readFileSync(file, 'utf8'));
    assert.deepEqual(kept, openApiOf(tables), 'run: npm run openapi');
  });
}
