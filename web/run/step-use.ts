import type { Native } from '../api/operations.ts';
import { formatCores, formatMemory, plural } from '../base/format.ts';

/** One line of the table of resources; what is not known is absent. */
export interface ResourceRow {
  readonly name: string;
  readonly asked: string | undefined;
  readonly used: string | undefined;
  /** The most of the latest attempts. */
  readonly lately: string | undefined;
  readonly suggested: string | undefined;
}

/** A shorter attempt counts as this long in what is suggested (src/app/recorded-use.ts): what is beside it has to be counted alike. */
const SHORTEST_MS = 1_000;

/** What a step asks for and used, beside what its latest attempts used. `step`: absent if none was measured. */
export function resourceRows(
  step: Native<'StepUse'> | undefined,
  attempt: Native<'Attempt'> | undefined,
): readonly ResourceRow[] {
  const asked = step?.asked;
  return [
    {
      name: 'CPU',
      asked: asked?.cpu_millis ? formatCores(asked.cpu_millis / 1000) : undefined,
      used: coresText(attempt, SHORTEST_MS),
      lately: step && formatCores((step.most_cpu_millis ?? 0) / 1000),
      suggested: step?.suggested_cpu,
    },
    {
      name: 'Memory',
      asked: memory(asked?.memory_bytes),
      used: memory(attempt?.peak_memory_bytes),
      lately: memory(step?.peak_memory_bytes),
      suggested: step?.suggested_memory,
    },
  ];
}

/** Cores that an attempt kept busy on average, in `shortestMs` if it was shorter. Undefined if it was not measured, or has not ended. */
export function coresOf(attempt: Native<'Attempt'> | undefined, shortestMs = 0): number | undefined {
  const { cpu_ms, started_at, ended_at } = attempt ?? {};
  if (cpu_ms === undefined || started_at === undefined || ended_at === undefined) return undefined;
  const ms = Date.parse(ended_at) - Date.parse(started_at);
  return ms > 0 ? Number(cpu_ms) / Math.max(ms, shortestMs) : undefined;
}

export function coresText(attempt: Native<'Attempt'> | undefined, shortestMs?: number): string | undefined {
  const cores = coresOf(attempt, shortestMs);
  return cores === undefined ? undefined : formatCores(cores);
}

/** "12 attempts", and whether they are of an earlier version of the component. */
export function attemptsText({ attempts = 0, is_older = false }: Native<'StepUse'>): string {
  return `${plural(attempts, 'attempt')}${is_older ? ' of an earlier version of it' : ''}`;
}

const memory = (bytes: string | undefined): string | undefined => (bytes === undefined ? undefined : formatMemory(Number(bytes)));
