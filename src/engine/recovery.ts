import type { Command, Effects } from './effects.ts';
import { newDecision, noEffects } from './effects.ts';
import { importArtifact, findArtifacts } from './found-outputs.ts';
import { attemptIdOf, type RunData, type TaskInstance } from './run-data.ts';

export interface Owed {
  readonly effects: Effects;
  /** Steps that were handed to the executor: running, ended meanwhile, or never started. */
  readonly launched: readonly TaskInstance[];
}

/** What a folded run is owed: commands that were decided before the crash and perhaps not carried out. */
export function owedTo(run: RunData, nowMs: number): Owed {
  const effects = noEffects();
  const launched: TaskInstance[] = [];
  if (run.endedAtMs !== null) return { effects, launched };
  for (const task of run.tasks) {
    if (!task) continue;
    switch (task.phase) {
      case 'ready':
        effects.commands.push({
          kind: task.cacheKey !== null && task.failures + task.systemFailures === 0 ? 'look-up' : 'offer',
          run,
          task,
        });
        break;
      case 'running':
        launched.push(task);
        if (run.canceling) effects.commands.push({ kind: 'cancel-attempt', attemptId: attemptIdOf(run, task) });
        break;
      case 'backoff':
        effects.commands.push({ kind: 'retry-at', run, task, atMs: task.retryAtMs! });
        break;
      case 'finding':
        effects.commands.push(...findAgain(run, task, nowMs));
        break;
      default:
    }
  }
  return { effects, launched };
}

function findAgain(run: RunData, task: TaskInstance, nowMs: number): readonly Command[] {
  const decision = newDecision(run, nowMs, noEffects());
  if (task.template.kind === 'importer') importArtifact(decision, task, task.template);
  else if (task.template.kind === 'resolver') findArtifacts(decision, task, task.template);
  return decision.effects.commands;
}
