import type { JsonObject } from '../base/json.ts';
import type { PipelineSpec } from '../ir/spec.ts';
import type { Artifact } from '../model/artifact.ts';
import type { TaskError } from '../model/outcome.ts';
import type { Placement } from '../model/placement.ts';
import type { AttemptRow, RunRow, TaskRow, TaskValues } from '../model/run.ts';
import { artifactTypeName } from '../model/artifact-type-name.ts';
import { specAt } from './spec-path.ts';

interface ArtifactJson {
  readonly name: string;
  readonly type: string;
  readonly uri: string;
  readonly metadata: JsonObject;
}

interface ValuesJson {
  readonly parameters: JsonObject;
  /** An artifact, or a list where the pipeline declares a list (or a loop collected several). */
  readonly artifacts: Readonly<Record<string, ArtifactJson | readonly ArtifactJson[]>>;
}

interface ErrorJson {
  readonly code: number;
  readonly message: string;
  readonly hint?: string;
  readonly cause: string;
}

/** What `pipewright local --json` prints; tests outside the repository rely on this shape. */
export interface RunJson {
  readonly run_id: string;
  readonly state: string;
  readonly error: ErrorJson | null;
  readonly outputs: ValuesJson;
  readonly tasks: readonly {
    readonly name: string;
    readonly path: string;
    readonly iteration: number | null;
    readonly state: string;
    readonly attempts: number;
    readonly inputs: ValuesJson;
    readonly outputs: ValuesJson;
    readonly error: ErrorJson | null;
    /** Absent where there was nothing to choose: no node pools, and no accelerators asked for. */
    readonly placement?: Placement;
    /** Of its last attempt; absent where it was not measured. */
    readonly use?: { readonly cpu_ms: number; readonly peak_memory_bytes: number };
  }[];
}

/** One row for every leaf, group, loop and iteration, in the order they were reached; the root itself is the run. */
export function runJson(
  run: RunRow,
  { tasks, attempts = [] }: { readonly tasks: readonly TaskRow[]; readonly attempts?: readonly AttemptRow[] },
  spec: PipelineSpec,
): RunJson {
  // A later attempt takes the place of an earlier one.
  const last = new Map(attempts.toSorted((left, right) => left.attempt - right.attempt).map((row) => [row.task, row]));
  return {
    run_id: run.runId,
    state: run.state,
    error: errorJson(run.error ?? null),
    outputs: valuesJson(run.outputs ?? null, listsAmong(spec.root.outputDefinitions.artifacts)),
    tasks: tasks
      .filter((task) => task.parentTask !== null)
      .map((task) => ({
        name: task.displayName,
        path: task.path,
        iteration: task.iteration,
        state: task.state,
        attempts: task.attempts,
        inputs: valuesJson(task.inputs, listsAmong(specAt(spec, task.path).component?.inputDefinitions.artifacts)),
        outputs: valuesJson(
          task.outputs,
          task.kind === 'loop' ? 'all' : listsAmong(specAt(spec, task.path).component?.outputDefinitions.artifacts),
        ),
        error: errorJson(task.error),
        ...(task.placement ? { placement: task.placement } : {}),
        ...useJson(last.get(task.task)),
      })),
  };
}

/** Names whose artifacts are lists, also when there is one: declared so, or collected by a loop. */
type Lists = ReadonlySet<string> | 'all';

function listsAmong(definitions: Readonly<Record<string, { readonly isArtifactList: boolean }>> = {}): Lists {
  return new Set(Object.keys(definitions).filter((name) => definitions[name]!.isArtifactList));
}

function valuesJson(values: TaskValues | null, lists: Lists): ValuesJson {
  const artifacts = Object.entries(values?.artifacts ?? {}).map(([name, list]): [string, ArtifactJson | ArtifactJson[]] => {
    const shown = list.map(artifactJson);
    const isList = shown.length !== 1 || lists === 'all' || lists.has(name);
    return [name, isList ? shown : shown[0]!];
  });
  return { parameters: values?.parameters ?? {}, artifacts: Object.fromEntries(artifacts) };
}

function artifactJson(artifact: Artifact): ArtifactJson {
  return { name: artifact.name, type: artifactTypeName(artifact.type), uri: artifact.uri, metadata: artifact.metadata };
}

function useJson(attempt: AttemptRow | undefined): Pick<RunJson['tasks'][number], 'use'> {
  const { cpuMs, peakMemoryBytes } = attempt ?? {};
  if (typeof cpuMs !== 'number' || typeof peakMemoryBytes !== 'number') return {};
  return { use: { cpu_ms: cpuMs, peak_memory_bytes: peakMemoryBytes } };
}

function errorJson(error: TaskError | null): ErrorJson | null {
  if (error === null) return null;
  const { code, message, hint, cause } = error;
  return { code, message, ...(hint === undefined ? {} : { hint }), cause };
}
