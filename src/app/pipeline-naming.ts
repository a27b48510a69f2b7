import { checkDescription, checkTags } from './name-limits.ts';

/** How a pipeline or a version is called; of name and display name one is enough. */
export interface Naming {
  /** Of a new pipeline. */
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly displayName?: string | undefined;
  readonly description?: string | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

/** Throws INVALID_ARGUMENTS for a description or tags that are too long. */
export function checkNaming({ description = '', tags = {} }: Naming): void {
  checkDescription(description);
  checkTags(tags);
}

/** What is absent or "" stays; tags are replaced as a whole. */
export function renamed<Row extends { displayName: string; description: string; tags: Readonly<Record<string, string>> }>(
  row: Row,
  { displayName, description, tags }: Omit<Naming, 'name'>,
): Row {
  checkNaming({ description, tags });
  return {
    ...row,
    displayName: displayName || row.displayName,
    description: description || row.description,
    tags: tags ?? row.tags,
  };
}
