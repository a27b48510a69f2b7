import { assert } from '../base/assert.ts';
import type { Decision } from './effects.ts';
import type { LoopProgress, RunData, TaskInstance } from './run-data.ts';

export function hasMore({ again, next, items }: LoopProgress): boolean {
  return again.length > 0 || next < items.length;
}

/** Keeps `run.openLoops` to exactly those loops that could expand now, so that expanding costs O(1). */
export function listLoop(run: RunData, task: TaskInstance): void {
  const loop = task.loop!;
  if (loop.listed || !hasMore(loop) || loop.live >= loop.limit) return;
  loop.listed = true;
  run.openLoops.push(task);
}

export function iterationEnded({ run }: Decision, task: TaskInstance): void {
  const loop = task.loop;
  assert(loop, 'a loop with iterations has progress');
  loop.live -= 1;
  listLoop(run, task);
}
