import type { Task } from './run-tasks.ts';

const RANK: Readonly<Record<string, number>> = {
  FAILED: 0,
  CANCELED: 1,
  RUNNING: 2,
  PENDING: 3,
  SUCCEEDED: 4,
  CACHED: 5,
  SKIPPED: 6,
};

/** What needs attention first; within a state in the order of the run. */
export function failedFirst(tasks: readonly Task[]): readonly Task[] {
  const rank = ({ state }: Task): number => RANK[state ?? 'PENDING'] ?? 3;
  return tasks.toSorted((one, other) => rank(one) - rank(other) || (one.number ?? 0) - (other.number ?? 0));
}

export function matches(task: Task, { q, state }: { readonly q?: string; readonly state?: string }): boolean {
  if (state !== undefined && (task.state ?? 'PENDING') !== state) return false;
  return q === undefined || `${task.path} ${task.display_name}`.toLowerCase().includes(q.toLowerCase());
}
