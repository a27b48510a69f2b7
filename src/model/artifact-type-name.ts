import type { ArtifactType } from './artifact.ts';

/** The top-level `title:` line of an instance schema written as YAML, plain or quoted; a comment may follow. */
const YAML_TITLE = /^title:[ \t]*(?:"([^"\n]*)"|'([^'\n]*)'|([^\n#]*?))[ \t]*(?:#[^\n]*)?\r?$/m;
const JSON_SCHEMA = /^\s*\{/;

/**
 * The name artifacts of a type are found by: the schema title, or the `title:` of an instance schema (TFX writes
 * `title: tfx.Examples` as YAML; JSON is accepted too). "" if the type has neither.
 */
export function artifactTypeName(type: ArtifactType): string {
  if (type.schemaTitle !== undefined) return type.schemaTitle;
  const schema = type.instanceSchema ?? '';
  if (JSON_SCHEMA.test(schema)) return jsonTitle(schema);
  const match = YAML_TITLE.exec(schema);
  return match?.[1] ?? match?.[2] ?? match?.[3] ?? '';
}

function jsonTitle(schema: string): string {
  try {
    const { title } = JSON.parse(schema) as { title?: unknown };
    return typeof title === 'string' ? title : '';
  } catch {
    return '';
  }
}
