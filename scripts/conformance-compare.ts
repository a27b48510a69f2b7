/** Compares a finished run with what its entry expects; every difference is one sentence. */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { isJsonObject, type JsonObject, type JsonValue } from '../src/base/json.ts';
import type { PipelineDocument } from '../src/ir/spec.ts';
import type { Artifact } from '../src/model/artifact.ts';
import type { RunRow, TaskRow } from '../src/model/run.ts';
import { artifactTypeName } from '../src/model/artifact-type-name.ts';
import { FILE_STATES, REFERENCE_LIMITS, STATE_NAMES, TASK_LIMITS } from './conformance-divergences.ts';
import type { Entry, ReferenceRun } from './conformance-entries.ts';

export interface FinishedEntry {
  readonly entry: Entry;
  readonly document: PipelineDocument;
  readonly run: RunRow;
  readonly tasks: readonly TaskRow[];
}

export function compareRun({ entry, document, run, tasks }: FinishedEntry): string[] {
  const expected = expectedState(entry);
  const differences: string[] = [];
  if (run.state !== expected) differences.push(`the run is ${run.state}, expected ${expected}${whyFailed(run, tasks)}`);
  const reference = entry.reference_run;
  if (!reference || reference.state !== expected) return differences;
  if (!reference.deterministic || drawsLots(document)) return differences;
  const byPath = new Map(tasks.map((task) => [task.path, task]));
  for (const [path, state] of Object.entries(reference.task_states ?? {})) {
    const actual = byPath.get(path)?.state;
    if (shown(actual) === shown(state) || failedForALimit(path, reference)) continue;
    differences.push(`task ${path} is ${actual ?? 'absent'}, expected ${state}`);
  }
  // What installed packages write differs with their versions.
  if (entry.runnable === 'offline_pip') return differences;
  differences.push(...differentParameters('output', run.outputs?.parameters ?? {}, reference.root_output_params ?? {}));
  for (const [path, outputs] of Object.entries(reference.task_outputs ?? {})) {
    const task = byPath.get(path);
    if (task && isJsonObject(outputs)) differences.push(...differentOutputs(task, outputs));
  }
  return differences;
}

/** A step that draws lots ends as it likes, also where two runs of the reference happened to agree. */
function drawsLots({ spec }: PipelineDocument): boolean {
  return Object.values(spec.executors).some(
    (executor) =>
      executor.kind === 'container' && executor.container.command.some((text) => /\bimport random\b|\brandom\.\w+\(/.test(text)),
  );
}

/** The reference's log of the run names the task together with one of its known limits. */
function failedForALimit(path: string, reference: ReferenceRun): boolean {
  return (reference.log ?? []).some((line) => line.startsWith(`${path}: `) && TASK_LIMITS.some((limit) => limit.log.test(line)));
}

/** Stated by the corpus, else the reference run's, unless that failed for a limit of its machine. */
export function expectedState(entry: Entry): string {
  if (entry.expected_state) return entry.expected_state;
  const stated = FILE_STATES.find(({ file }) => entry.file.endsWith(file));
  if (stated) return stated.state;
  const { state, log } = entry.reference_run ?? { state: 'SUCCEEDED' };
  const limited = (log ?? []).some((line) => REFERENCE_LIMITS.some((limit) => limit.log.test(line)));
  return limited ? 'SUCCEEDED' : state;
}

const shown = (state: string | undefined): string => STATE_NAMES[state ?? ''] ?? state ?? 'absent';

function whyFailed(run: RunRow, tasks: readonly TaskRow[]): string {
  const failed = tasks.find((task) => task.state === 'FAILED' && task.kind !== 'dag' && task.kind !== 'loop');
  const text = failed ? `${failed.path}: ${failed.error?.message}` : run.error?.message;
  return text === undefined ? '' : ` (${text.slice(0, 300)})`;
}

function differentParameters(what: string, actual: JsonObject, expected: JsonObject): string[] {
  return Object.entries(expected).flatMap(([name, value]) =>
    isDeepStrictEqual(actual[name], value) || namesAPlace(value)
      ? []
      : [
          `${what} ${name} is ${JSON.stringify(actual[name])?.slice(0, 120) ?? 'absent'}, expected ${JSON.stringify(value).slice(0, 120)}`,
        ],
  );
}

function differentOutputs(task: TaskRow, outputs: JsonObject): string[] {
  return Object.entries(outputs).flatMap(([name, expected]) => {
    if (!isArtifactRecord(expected))
      return differentParameters(`${task.path} output`, task.outputs?.parameters ?? {}, { [name]: expected });
    return differentArtifact(`${task.path} output ${name}`, task.outputs?.artifacts[name]?.[0], expected);
  });
}

/** Paths below the reference's own folder are written as `<root>/…`. */
function namesAPlace(value: JsonValue): boolean {
  return typeof value === 'string' && value.includes('<root>');
}

interface ArtifactRecord extends JsonObject {
  readonly type: string;
  readonly metadata: JsonObject;
  readonly text: string;
}

function isArtifactRecord(value: JsonValue): value is ArtifactRecord {
  return isJsonObject(value) && value['artifact'] === true;
}

function differentArtifact(what: string, actual: Artifact | undefined, expected: ArtifactRecord): string[] {
  if (!actual) return [`${what} is absent`];
  const differences: string[] = [];
  const type = artifactTypeName(actual.type);
  if (type !== expected.type) differences.push(`${what} is of type ${type}, expected ${expected.type}`);
  if (!isDeepStrictEqual(withoutOurs(actual.metadata), expected.metadata)) {
    differences.push(
      `${what} has the metadata ${JSON.stringify(actual.metadata)}, expected ${JSON.stringify(expected.metadata)}`,
    );
  }
  const bytes = bytesOf(actual.uri);
  if (typeof expected.text === 'string' && bytes !== undefined && !sameContent(bytes, expected.text)) {
    differences.push(
      `${what} holds ${JSON.stringify(bytes.toString('utf8', 0, 80))}, expected ${JSON.stringify(expected.text.slice(0, 80))}`,
    );
  }
  return differences;
}

/** The corpus keeps short text as it is and of anything longer `sha256:<beginning of the hash> len=<bytes>`. */
function sameContent(bytes: Buffer, expected: string): boolean {
  const hash = /^sha256:([0-9a-f]+) len=(\d+)$/.exec(expected);
  if (!hash) return bytes.toString('utf8').slice(0, 160) === expected.slice(0, 160) || namesAPlace(expected);
  return bytes.length === Number(hash[2]) && createHash('sha256').update(bytes).digest('hex').startsWith(hash[1]!);
}

/** KFP's steps put the display name among the metadata. */
function withoutOurs({ display_name: _displayName, ...metadata }: JsonObject): JsonObject {
  return metadata;
}

/** Undefined for a folder; nothing for a file that was never written. */
function bytesOf(path: string): Buffer | undefined {
  try {
    return statSync(path).isFile() ? readFileSync(path) : undefined;
  } catch {
    return Buffer.alloc(0);
  }
}
