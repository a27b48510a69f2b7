import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ArtifactType } from './artifact.ts';
import { artifactTypeName } from './artifact-type-name.ts';

const rows: readonly [string, ArtifactType, string][] = [
  ['a schema title', { schemaTitle: 'system.Dataset', schemaVersion: '0.0.1' }, 'system.Dataset'],
  ['a schema title before an instance schema', { schemaTitle: 'a', instanceSchema: 'title: b' }, 'a'],
  ['the title of a YAML schema', { instanceSchema: 'title: tfx.Examples\ntype: object\n' }, 'tfx.Examples'],
  ['a title that is not the first line', { instanceSchema: 'type: object\ntitle: tfx.Model' }, 'tfx.Model'],
  ['only the top-level title', { instanceSchema: 'properties:\n  title: no\ntitle: yes' }, 'yes'],
  ['a quoted title', { instanceSchema: "title: 'my # type'  # note\n" }, 'my # type'],
  ['a title before a comment', { instanceSchema: 'title: tfx.Model # note\r\ntype: object' }, 'tfx.Model'],
  ['the title of a JSON schema', { instanceSchema: '{"type":"object","title":"x.Y"}' }, 'x.Y'],
  ['nothing from a schema without a title', { instanceSchema: 'type: object' }, ''],
  ['nothing from broken JSON', { instanceSchema: '{"title":' }, ''],
  ['nothing from an empty type', {}, ''],
];

for (const [what, type, name] of rows) {
  test(`An artifact type's name is ${what}.`, () => assert.equal(artifactTypeName(type), name));
}
