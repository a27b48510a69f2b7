import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { isJsonObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import type { DockerApi } from '../../docker/docker-api.ts';
import { copyOut } from './copy-out.ts';
import type { DockerAttempt } from './docker-attempt.ts';

/**
 * A step may report that an artifact lies anywhere in its container (`custom_path`). What is in a folder of ours is there already;
 * anything else is copied out of the container, and the report names the copy from then on. Done again, it finds the copy.
 */
export async function fetchCustomPaths(api: DockerApi, attempt: DockerAttempt): Promise<void> {
  const { paths, staged, workingDir = paths.work } = attempt;
  if (!staged!.usesExecutorOutput || !existsSync(paths.executorOutput)) return;
  const text = await readFile(paths.executorOutput, 'utf8');
  if (!/"custom_?path"/i.test(text)) return;
  let report: unknown;
  try {
    report = JSON.parse(text);
  } catch {
    // Told with its reason when the outputs are collected.
    return;
  }
  let fetched = 0;
  const replace = async (value: JsonValue): Promise<JsonValue> => {
    if (Array.isArray(value)) return Promise.all(value.map((entry: JsonValue) => replace(entry)));
    if (!isJsonObject(value)) return value;
    const replaced: Record<string, JsonValue> = {};
    for (const [key, member] of Object.entries(value)) {
      const isPath = /^custom_?path$/i.test(key) && typeof member === 'string' && member !== '';
      replaced[key] = isPath ? await fetchPath(resolve(workingDir, member), String(fetched++)) : await replace(member);
    }
    return replaced;
  };
  const fetchPath = async (path: string, name: string): Promise<string> => {
    const isShown =
      [paths.step, paths.taskRoot].some((folder) => path.startsWith(`${folder}/`)) || /^\/(s3|gcs|minio)\//.test(path);
    if (isShown) return path;
    const folder = join(paths.work, `.custom-${name}`);
    // If there is nothing there is no copy: never this machine's own file of that name.
    return (await copyOut(api, attempt.containerId!, { path, folder })) ?? join(folder, basename(path));
  };
  const changed = (await replace(report as JsonObject)) as JsonObject;
  if (fetched > 0) await writeFile(paths.executorOutput, JSON.stringify(changed));
}
