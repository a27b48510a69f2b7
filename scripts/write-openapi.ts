/** Writes docs/reference/openapi/: the OpenAPI documents of every dialect, made from the tables of routes. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openApiOf } from '../src/api/open-api.ts';
import { VERSION } from '../src/base/version.ts';
import { apiTables } from '../src/server/dialects.ts';

const folder = fileURLToPath(new URL('../docs/reference/openapi/', import.meta.url));
mkdirSync(folder, { recursive: true });
for (const [name, tables] of Object.entries(apiTables(VERSION))) {
  writeFileSync(`${folder}${name}.json`, `${JSON.stringify(openApiOf(tables), null, 1)}\n`);
}
