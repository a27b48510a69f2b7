/**
 * KFP's SDK before 2.5 finds the file of an artifact only if its URI is one of an object store: for `gs://bucket/key` it looks at
 * `/gcs/bucket/key`, for a path it has no answer (`Artifact._get_path` in kfp/dsl/types/artifact_types.py). Its steps are told
 * such URIs for local artifacts, and are shown these at the paths it makes of them.
 */
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { isJsonObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import type { TaskLaunch } from '../executor.ts';
import type { ContainerMount } from './container-mounts.ts';

/** No bucket can have this name: it is too long. */
const BUCKET = `pipewright-local-${'-'.repeat(60)}`;
const URI_PREFIX = `gs://${BUCKET}`;
const PATH_PREFIX = `/gcs/${BUCKET}`;

/** Compiled components install the version they were compiled with. */
export function isOldSdk({ command, args }: TaskLaunch): boolean {
  const words = [...command, ...args];
  return (
    words.some((word) => /\bkfp==(?:1\.|2\.[0-4]\.)/.test(word)) &&
    words.some((word) => /\bkfp\.[\w.]*executor_main\b/.test(word))
  );
}

/** The words with the local URIs of every executor input among them replaced. */
export function forOldSdk(words: readonly string[]): readonly string[] {
  return words.map((word) => {
    if (!/^\s*\{/.test(word) || !word.includes('"uri"')) return word;
    try {
      return JSON.stringify(withStoreUris(JSON.parse(word) as JsonObject));
    } catch {
      // Some other word that begins with a brace.
      return word;
    }
  });
}

/** The same folders once more, where the SDK looks for them. */
export function mountsForOldSdk(mounts: readonly ContainerMount[]): readonly ContainerMount[] {
  const shown = mounts.filter(({ source, target }) => source === target);
  return [...mounts, ...shown.map((mount) => ({ ...mount, target: PATH_PREFIX + mount.target }))];
}

/** What the step has reported, with our own URIs and paths again. Done twice, it changes nothing. */
export async function restoreUris(executorOutput: string): Promise<void> {
  if (!existsSync(executorOutput)) return;
  const text = await readFile(executorOutput, 'utf8');
  const restored = text.replaceAll(URI_PREFIX, '').replaceAll(PATH_PREFIX, '');
  if (restored !== text) await writeFile(executorOutput, restored);
}

function withStoreUris(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map((entry: JsonValue) => withStoreUris(entry));
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).map(([key, member]): [string, JsonValue] => {
    if (key === 'parameterValues' || key === 'metadata') return [key, member];
    return [
      key,
      key === 'uri' && typeof member === 'string' && member.startsWith('/') ? URI_PREFIX + member : withStoreUris(member),
    ];
  });
  return Object.fromEntries(entries);
}
