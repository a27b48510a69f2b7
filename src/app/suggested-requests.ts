import type { PipelineDocument } from '../ir/spec.ts';
import { recordedUse, type MeasuredAttempt, type UseSource } from './recorded-use.ts';

/** What a step of a pipeline used lately, and what it should ask for. */
export interface SuggestedRequest {
  /** `/for-loop-1/train`: iterations of a loop count as one step. */
  readonly path: string;
  /** Attempts that were measured. */
  readonly attempts: number;
  /** They are of earlier versions of the component: this one has not run yet. */
  readonly isOlder: boolean;
  /** The most that any of them held. */
  readonly peakMemoryBytes: number;
  /** Processor time per time, in thousandths of a core: what 95 in 100 did not exceed, and the most. */
  readonly cpuMillis: number;
  readonly mostCpuMillis: number;
  /** An attempt that had so much needed more, and was ended; absent if none was. */
  readonly tooLittleBytes?: number;
  /** With a margin, as Kubernetes quantities: `{cpu: "500m", memory: "256Mi"}`. */
  readonly request: { readonly cpu: string; readonly memory: string };
}

const CPU_PERCENTILE = 0.95;
const MARGIN = 1.25;
/** Of few attempts, which say less about the next one. */
const FEW_ATTEMPTS = 5;
const MARGIN_OF_FEW = 1.5;
/** Beyond what was too little: so much more, and no less than this. */
const TOO_LITTLE_FACTOR = 1.5;
const TOO_LITTLE_BYTES = 64 * 2 ** 20;
const CPU_STEP_MILLIS = 50;
const MEMORY_STEP_BYTES = 16 * 2 ** 20;

/** One row for each step that was measured, in the order of paths. */
export async function suggestedRequests(source: UseSource, document: PipelineDocument): Promise<readonly SuggestedRequest[]> {
  const rows = [...(await recordedUse(source, document))].map(([path, attempts]) => suggest(path, attempts));
  return rows.sort((left, right) => (left.path < right.path ? -1 : 1));
}

/** `.set_cpu_request('500m').set_memory_request('256Mi')`: what follows the call of a component in Python. */
export function pythonRequest({ cpu, memory }: SuggestedRequest['request']): string {
  return `.set_cpu_request('${cpu}').set_memory_request('${memory}')`;
}

/**
 * Memory is what the largest attempt held, because a step that gets less is ended; processors are what nearly all used, because one
 * that gets less is only slower.
 */
function suggest(path: string, all: readonly MeasuredAttempt[]): SuggestedRequest {
  const same = all.filter(({ isSame }) => isSame);
  const attempts = same.length > 0 ? same : all;
  const margin = attempts.length < FEW_ATTEMPTS ? MARGIN_OF_FEW : MARGIN;
  const tooLittle = mostMemory(attempts.filter(({ isOutOfMemory }) => isOutOfMemory));
  const enough = mostMemory(attempts.filter(({ isOutOfMemory }) => !isOutOfMemory));
  const cpus = attempts.map(({ cpuMillis }) => cpuMillis).sort((left, right) => left - right);
  const cpuMillis = cpus[Math.max(0, Math.ceil(cpus.length * CPU_PERCENTILE) - 1)]!;
  const memory = roundUp(Math.max(enough * margin, tooLittle > enough ? moreThan(tooLittle) : 0), MEMORY_STEP_BYTES);
  return {
    path,
    attempts: attempts.length,
    isOlder: same.length === 0,
    peakMemoryBytes: Math.max(enough, tooLittle),
    cpuMillis,
    mostCpuMillis: cpus.at(-1)!,
    ...(tooLittle > 0 ? { tooLittleBytes: tooLittle } : {}),
    request: { cpu: `${roundUp(cpuMillis * margin, CPU_STEP_MILLIS)}m`, memory: `${memory / 2 ** 20}Mi` },
  };
}

const mostMemory = (attempts: readonly MeasuredAttempt[]): number =>
  attempts.reduce((most, { peakMemoryBytes }) => Math.max(most, peakMemoryBytes), 0);

const moreThan = (bytes: number): number => Math.max(bytes * TOO_LITTLE_FACTOR, bytes + TOO_LITTLE_BYTES);

function roundUp(value: number, step: number): number {
  return Math.max(1, Math.ceil(value / step)) * step;
}
