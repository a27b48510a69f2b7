import { ProductError } from '../base/errors.ts';
import { canonicalJson } from '../base/json.ts';
import type { PipelineDocument } from '../ir/spec.ts';
import type { AttemptRow, RunRow } from '../model/run.ts';
import type { Store } from '../store/store.ts';
import { askedRequests } from './asked-requests.ts';
import { pipelineGraph } from './pipeline-graph.ts';

/** One attempt of a step that was measured. */
export interface MeasuredAttempt {
  /** Processor time per time, in thousandths of a core. */
  readonly cpuMillis: number;
  readonly peakMemoryBytes: number;
  /** It needed more memory than that: it was ended for it, or it came to its limit, where parts of it may have been. */
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
/** With wide runs, fewer: after so many tasks no further run is read. */
const TASKS_READ = 5000;
/**
 * A shorter step counts as this long. It is over before its use of a processor is a matter of placement, and what it takes to start a
 * container (25 ms of processor time, measured) would look like many cores.
 */
const SHORTEST_MS = 1000;

/** The kernel counts in parts of this size and larger ones; a process executor holds nobody to a limit. */
const NEAR_LIMIT = 0.02;

/** By path, without iterations: `/for-loop-1/train`. */
export async function recordedUse(source: UseSource, document: PipelineDocument): Promise<Map<string, MeasuredAttempt[]>> {
  const now = stepsOf(document);
  const used = new Map<string, MeasuredAttempt[]>();
  let read = 0;
  for (const { runId, documentDigest } of source.runs.slice(0, RUNS_MEASURED)) {
    const then = await stepsThen(source, documentDigest);
    const [tasks, attempts] = [await source.store.listTasks(runId), await source.store.listAttempts(runId)];
    const paths = new Map(tasks.map(({ task, path }) => [task, withoutIterations(path)]));
    for (const attempt of attempts) {
      const path = paths.get(attempt.task);
      if (path === undefined) continue;
      const step = then.get(path);
      const isSame = step !== undefined && step.component === now.get(path)?.component;
      const measured = measure(attempt, { isSame, limitBytes: step?.memoryLimitBytes });
      if (!measured) continue;
      const list = used.get(path);
      if (list) list.push(measured);
      else used.set(path, [measured]);
    }
    read += tasks.length;
    if (read > TASKS_READ) break;
  }
  return used;
}

export const withoutIterations = (path: string): string => path.replaceAll(/\[\d+\]/g, '');

/** Of attempts that failed, those say something that the lack of memory ended: at least how much is too little. */
function measure(
  { state, error, cpuMs, peakMemoryBytes: peak, startedAtMs, endedAtMs }: AttemptRow,
  { isSame, limitBytes }: { readonly isSame: boolean; readonly limitBytes: number | undefined },
): MeasuredAttempt | undefined {
  const wasKilled = error?.reason === 'OOMKilled';
  if (cpuMs === null || peak === null || (state !== 'SUCCEEDED' && !wasKilled)) return undefined;
  const isAtLimit = limitBytes !== undefined && Math.abs(peak - limitBytes) <= limitBytes * NEAR_LIMIT;
  const cpuMillis = Math.round((cpuMs / Math.max(SHORTEST_MS, (endedAtMs ?? 0) - (startedAtMs ?? 0))) * 1000);
  return { cpuMillis, peakMemoryBytes: peak, isOutOfMemory: wasKilled || isAtLimit, isSame };
}

interface Step {
  /** Image, command and arguments as one text. */
  readonly component: string;
  readonly memoryLimitBytes?: number | undefined;
}

/** Nothing of a document that is gone or that nobody can read any more. */
async function stepsThen({ pipeline }: UseSource, digest: string): Promise<ReadonlyMap<string, Step>> {
  try {
    return stepsOf(await pipeline(digest));
  } catch (error) {
    if (error instanceof ProductError) return new Map();
    throw error;
  }
}

const known = new WeakMap<PipelineDocument, ReadonlyMap<string, Step>>();

function stepsOf(document: PipelineDocument): ReadonlyMap<string, Step> {
  const found = known.get(document);
  if (found) return found;
  const asked = askedRequests(document);
  const tasks = pipelineGraph(document).scopes.flatMap((scope) => scope.tasks);
  const steps = tasks.map(({ path, image, command }): [string, Step] => [
    path,
    { component: canonicalJson({ image: image ?? '', command }), memoryLimitBytes: asked.get(path)?.memoryLimitBytes },
  ]);
  const made = new Map(steps);
  known.set(document, made);
  return made;
}
