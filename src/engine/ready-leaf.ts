import { cacheKeyOf } from './cache-key.ts';
import { type Decision, touch } from './effects.ts';
import { VOLUME_IMAGES } from './plan-pipeline.ts';
import type { TaskInstance } from './run-data.ts';

/** So many steps of a run have a row while they wait; the others get theirs when they start. */
const SHOWN_WAITING = 64;

/** A step whose inputs are known: look its fingerprint up, or offer it for admission right away. */
export function readyLeaf(decision: Decision, task: TaskInstance): void {
  const { run, effects } = decision;
  task.phase = 'ready';
  run.readyLeaves += 1;
  const refusal = cacheRefusal(decision, task);
  if (refusal === null) {
    task.cacheKey = cacheKeyOf(run, task);
    effects.commands.push({ kind: 'look-up', run, task });
  } else {
    task.reason = refusal;
    effects.commands.push({ kind: 'offer', run, task });
  }
  // Of ten thousand that wait, a few need to be seen waiting.
  if (run.readyLeaves <= SHOWN_WAITING) touch(decision, task);
}

/** Why the cache is not asked, or null if it is. */
function cacheRefusal({ run }: Decision, task: TaskInstance): string | null {
  if (task.template.kind === 'container' && VOLUME_IMAGES.has(task.template.container.image))
    return 'volume operations are never cached';
  if (!task.planTask?.cache.enabled) return 'caching is off for this task';
  if (run.definition.settings.useCache === false) return 'caching is off for this run';
  if (task.skipCache) return 'it was asked to run again';
  return null;
}
