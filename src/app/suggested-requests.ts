import type { AttemptRow, TaskRow } from '../model/run.ts';
import type { Store } from '../store/store.ts';

/** What a step of a pipeline should ask for, by what its recent attempts used. */
export interface SuggestedRequest {
  /** `/for-loop-1/train`: iterations of a loop count as one step. */
  readonly path: string;
  /** Attempts that were measured. */
  readonly attempts: number;
  /** Of 95 in 100 attempts: the largest process at its peak, and processor time per time. */
  readonly peakMemoryBytes: number;
  readonly cpuMillis: number;
  /** With a margin, as Kubernetes quantities: `{cpu: "500m", memory: "256Mi"}`. */
  readonly request: { readonly cpu: string; readonly memory: string };
}

/** Runs of any pipeline that are looked at, and of this one that are measured. */
const RUNS_LOOKED_AT = 500;
const RUNS_MEASURED = 20;
const PERCENTILE = 0.95;
const MARGIN = 1.25;
const CPU_STEP_MILLIS = 50;
const MEMORY_STEP_BYTES = 16 * 2 ** 20;
/** Times are whole milliseconds: of shorter steps the quotient says nothing. */
const SHORTEST_MS = 100;

/** One row for each step that has run, in the order of paths. Steps whose executor does not measure them are left out. */
export async function suggestedRequests(
  { store }: { readonly store: Pick<Store, 'listRuns' | 'listTasks' | 'listAttempts'> },
  pipelineName: string,
): Promise<readonly SuggestedRequest[]> {
  const runs = (await store.listRuns({ limit: RUNS_LOOKED_AT })).filter((run) => run.pipelineName === pipelineName);
  const used = new Map<string, { memory: number[]; cpu: number[] }>();
  for (const { runId } of runs.slice(0, RUNS_MEASURED)) {
    const [tasks, attempts] = [await store.listTasks(runId), await store.listAttempts(runId)];
    const paths = new Map(tasks.map((task: TaskRow) => [task.task, task.path.replaceAll(/\[\d+\]/g, '')]));
    for (const attempt of attempts) {
      const path = paths.get(attempt.task);
      const { cpuMs, peakMemoryBytes } = attempt;
      if (path === undefined || attempt.state !== 'SUCCEEDED' || cpuMs === null || peakMemoryBytes === null) continue;
      const list = used.get(path) ?? { memory: [], cpu: [] };
      list.memory.push(peakMemoryBytes);
      list.cpu.push((cpuMs / durationMs(attempt)) * 1000);
      used.set(path, list);
    }
  }
  const rows = [...used].map(([path, { memory, cpu }]) => suggest(path, memory, cpu));
  return rows.sort((left, right) => (left.path < right.path ? -1 : 1));
}

function durationMs({ startedAtMs, endedAtMs }: AttemptRow): number {
  return Math.max(SHORTEST_MS, (endedAtMs ?? 0) - (startedAtMs ?? 0));
}

function suggest(path: string, memory: readonly number[], cpu: readonly number[]): SuggestedRequest {
  const peakMemoryBytes = percentile(memory);
  const cpuMillis = Math.round(percentile(cpu));
  const mebibytes = roundUp(peakMemoryBytes * MARGIN, MEMORY_STEP_BYTES) / 2 ** 20;
  return {
    path,
    attempts: memory.length,
    peakMemoryBytes,
    cpuMillis,
    request: { cpu: `${roundUp(cpuMillis * MARGIN, CPU_STEP_MILLIS)}m`, memory: `${mebibytes}Mi` },
  };
}

/** The smallest value that 95 in 100 do not exceed. */
function percentile(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.max(0, Math.ceil(sorted.length * PERCENTILE) - 1)] ?? 0;
}

function roundUp(value: number, step: number): number {
  return Math.max(1, Math.ceil(value / step)) * step;
}
