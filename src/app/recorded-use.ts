import { ProductError } from '../base/errors.ts';
import { canonicalJson } from '../base/json.ts';
import type { PipelineDocument } from '../ir/spec.ts';
import type { AttemptRow, RunRow } from '../model/run.ts';
import type { Store } from '../store/store.ts';
import { pipelineGraph } from './pipeline-graph.ts';

/** One attempt of a step that was measured. */
export interface MeasuredAttempt {
  /** Processor time per time, in thousandths of a core. */
  readonly cpuMillis: number;
  readonly peakMemoryBytes: number;
  /** It was ended because it needed more memory than that. */
  readonly isOutOfMemory: boolean;
  /** Its component was the one it is now: same image, command and arguments. */
  readonly isSame: boolean;
}

export interface UseSource {
  readonly store: Pick<Store, 'listTasks' | 'listAttempts'>;
  /** Of the same pipeline, in any version, the newest first. */
  readonly runs: readonly RunRow[];
  /** Throws NOT_FOUND, or that it cannot be read. */
  readonly pipeline: (digest: string) => Promise<PipelineDocument>;
}

/** Runs that are looked at: old ones say little. */
export const RUNS_MEASURED = 20;
/** With wide runs, fewer. */
const TASKS_READ = 20_000;
/**
 * A shorter step counts as this long. It is over before its use of a processor is a matter of placement, and what it takes to start a
 * container (25 ms of processor time, measured) would look like many cores.
 */
const SHORTEST_MS = 1000;

/** By path, without iterations: `/for-loop-1/train`. */
export async function recordedUse(source: UseSource, document: PipelineDocument): Promise<Map<string, MeasuredAttempt[]>> {
  const now = componentsOf(document);
  const used = new Map<string, MeasuredAttempt[]>();
  let read = 0;
  for (const { runId, documentDigest } of source.runs.slice(0, RUNS_MEASURED)) {
    const then = await componentsThen(source, documentDigest);
    const [tasks, attempts] = [await source.store.listTasks(runId), await source.store.listAttempts(runId)];
    const paths = new Map(tasks.map(({ task, path }) => [task, withoutIterations(path)]));
    for (const attempt of attempts) {
      const path = paths.get(attempt.task);
      if (path === undefined) continue;
      const measured = measure(attempt, now.get(path) === then.get(path));
      if (measured) used.set(path, [...(used.get(path) ?? []), measured]);
    }
    read += tasks.length;
    if (read > TASKS_READ) break;
  }
  return used;
}

export const withoutIterations = (path: string): string => path.replaceAll(/\[\d+\]/g, '');

/** Of attempts that failed, those say something that the lack of memory ended: at least how much is too little. */
function measure(attempt: AttemptRow, isSame: boolean): MeasuredAttempt | undefined {
  const { state, error, cpuMs, peakMemoryBytes, startedAtMs, endedAtMs } = attempt;
  const isOutOfMemory = error?.reason === 'OOMKilled';
  if (cpuMs === null || peakMemoryBytes === null || (state !== 'SUCCEEDED' && !isOutOfMemory)) return undefined;
  const cpuMillis = Math.round((cpuMs / Math.max(SHORTEST_MS, (endedAtMs ?? 0) - (startedAtMs ?? 0))) * 1000);
  return { cpuMillis, peakMemoryBytes, isOutOfMemory, isSame };
}

/** What each step is, as one text; a document that is gone or that nobody can read any more has none. */
async function componentsThen({ pipeline }: UseSource, digest: string): Promise<ReadonlyMap<string, string>> {
  try {
    return componentsOf(await pipeline(digest));
  } catch (error) {
    if (error instanceof ProductError) return new Map();
    throw error;
  }
}

const known = new WeakMap<PipelineDocument, ReadonlyMap<string, string>>();

function componentsOf(document: PipelineDocument): ReadonlyMap<string, string> {
  const found = known.get(document);
  if (found) return found;
  const steps = pipelineGraph(document).scopes.flatMap(({ tasks }) => tasks);
  const components = new Map(steps.map(({ path, image, command }) => [path, canonicalJson({ image: image ?? '', command })]));
  known.set(document, components);
  return components;
}
