import type { JsonObject } from '../base/json.ts';
import type { ArtifactType } from '../model/artifact.ts';
import type { ArtifactRow, AttemptRow, LineageRow } from '../model/run.ts';
import type { CommitBatch } from '../store/store.ts';
import type { RunData, TaskInstance } from './run-data.ts';

/** What decide wants done. Every command may be carried out twice (before and after a crash) without harm. */
export type Command =
  /** Look the task's fingerprint up; answer with `cache-hit`, or offer the task for admission. */
  | { readonly kind: 'look-up'; readonly run: RunData; readonly task: TaskInstance }
  /** Offer the task for admission; when it fits, answer with `launched`. */
  | { readonly kind: 'offer'; readonly run: RunData; readonly task: TaskInstance }
  | { readonly kind: 'cancel-attempt'; readonly attemptId: string }
  | { readonly kind: 'retry-at'; readonly run: RunData; readonly task: TaskInstance; readonly atMs: number }
  | { readonly kind: 'import'; readonly run: RunData; readonly task: TaskInstance; readonly request: ImportRequest }
  | { readonly kind: 'resolve'; readonly run: RunData; readonly task: TaskInstance; readonly queries: readonly ResolveQuery[] }
  | { readonly kind: 'run-ended'; readonly run: RunData };

export interface ImportRequest {
  readonly output: string;
  readonly uri: string;
  readonly type: ArtifactType;
  readonly metadata: JsonObject;
  readonly reimport: boolean;
  readonly downloadToWorkspace: boolean;
}

export interface ResolveQuery {
  readonly output: string;
  readonly filter: string;
  readonly limit: number;
  readonly type: ArtifactType;
}

/** What one tick's decisions add up to: commands to act on, and what changed and must be recorded before. */
export interface Effects {
  readonly commands: Command[];
  readonly touched: Map<RunData, Set<TaskInstance>>;
  readonly removed: { readonly runId: string; readonly task: number }[];
  readonly attempts: AttemptRow[];
  readonly artifacts: ArtifactRow[];
  readonly lineage: LineageRow[];
  readonly cache: CommitBatch['cache'][number][];
}

export function noEffects(): Effects {
  return { commands: [], touched: new Map(), removed: [], attempts: [], artifacts: [], lineage: [], cache: [] };
}

/** One decision in the making: the run it is about, the time it is made at, and what it causes. */
export interface Decision {
  readonly run: RunData;
  readonly nowMs: number;
  readonly effects: Effects;
  /** Tasks whose dependencies are final, in the order they became so. */
  readonly toStart: TaskInstance[];
  /** Iterations whose inputs are known. */
  readonly toEnter: TaskInstance[];
  /** Iterations of a resumed run that start again. */
  readonly toReopen: TaskInstance[];
  /** Scopes and loops whose children are all final. */
  readonly toClose: TaskInstance[];
}

export function newDecision(run: RunData, nowMs: number, effects: Effects): Decision {
  return { run, nowMs, effects, toStart: [], toEnter: [], toReopen: [], toClose: [] };
}

export function touch({ run, effects }: Pick<Decision, 'run' | 'effects'>, task: TaskInstance): void {
  const tasks = effects.touched.get(run);
  if (tasks) tasks.add(task);
  else effects.touched.set(run, new Set([task]));
}

/** Adds what other decisions have caused. */
export function addEffects(effects: Effects, more: Effects): void {
  effects.commands.push(...more.commands);
  for (const [run, tasks] of more.touched) {
    const known = effects.touched.get(run);
    if (known) for (const task of tasks) known.add(task);
    else effects.touched.set(run, tasks);
  }
  effects.removed.push(...more.removed);
  effects.attempts.push(...more.attempts);
  effects.artifacts.push(...more.artifacts);
  effects.lineage.push(...more.lineage);
  effects.cache.push(...more.cache);
}
