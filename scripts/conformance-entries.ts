/** What the conformance runner is given: the entries of an index.json, or the files of a folder without one. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject, JsonValue } from '../src/base/json.ts';

export interface Entry {
  readonly file: string;
  readonly runnable: string;
  readonly features?: readonly string[];
  readonly platform_features?: readonly string[];
  readonly note?: string | null;
  readonly test_args?: JsonObject | null;
  readonly expected_state?: string | null;
  readonly expected_output_repo?: JsonValue;
  readonly reference_run?: ReferenceRun | null;
}

export interface ReferenceRun {
  readonly state: string;
  readonly deterministic?: boolean;
  readonly task_states?: Readonly<Record<string, string>>;
  readonly root_output_params?: JsonObject;
  readonly task_outputs?: Readonly<Record<string, JsonValue>>;
  readonly log?: readonly string[];
}

/** Without an index every pipeline found is run and has to succeed. */
export function readEntries(folder: string, only: string | undefined): Entry[] {
  const index = join(folder, 'index.json');
  const entries = existsSync(index)
    ? (JSON.parse(readFileSync(index, 'utf8')) as Entry[])
    : globSync('**/*.{yaml,yml,json,zip,tar.gz}', { cwd: folder }).map((file) => ({ file, runnable: 'offline' }));
  return entries.filter((entry) => only === undefined || entry.file.includes(only) || entry.runnable === only);
}

/** Classes that run to their end on one machine, and those that are read and planned only. */
export const RUNS = new Set(['offline', 'offline_emulation', 'offline_pip', 'offline_slow']);
