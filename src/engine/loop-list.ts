import { assert } from '../base/assert.ts';
import type { Decision } from './effects.ts';
import type { RunData, TaskInstance } from './run-data.ts';

/** Keeps `run.openLoops` to exactly those loops that could expand now, so that expanding costs O(1). */
export function listLoop(run: RunData, task: TaskInstance): void {
  const loop = task.loop!;
  if (loop.listed || loop.next >= loop.items.length || loop.live >= loop.limit) return;
  loop.listed = true;
  run.openLoops.push(task);
}

export function iterationEnded({ run }: Decision, task: TaskInstance): void {
  const loop = task.loop;
  assert(loop, 'a loop with iterations has progress');
  loop.live -= 1;
  listLoop(run, task);
}
