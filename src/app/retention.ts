/** Lets go of runs that are older than their namespace's policy says, and of what was left behind. */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import type { EndedRun } from '../store/retention-store.ts';
import { planRemoval, removeRun, type RemovalPlan, type RemovalTools } from './remove-run.ts';
import { expiresAtMs, policyOf, shortestKeptMs, type RetentionPolicies } from './retention-policy.ts';

export interface SweepOptions {
  readonly policies: RetentionPolicies;
  readonly nowMs: number;
  /** Nothing is removed; what would be is told. Default: false. */
  readonly isDryRun?: boolean;
  readonly onRun?: (run: EndedRun, plan: RemovalPlan) => void;
  readonly onLeftover?: (path: string) => void;
  readonly signal?: AbortSignal;
}

export interface SweepResult {
  readonly runs: number;
  readonly artifacts: number;
  readonly keptArtifacts: number;
  readonly leftovers: number;
}

const PAGE = 200;
/** Nothing has used an environment for this long: it is built again when somebody asks for it. */
export const UNUSED_ENVIRONMENT_MS = 30 * 86_400_000;
/** Logs and workspaces of a run are there before the run is recorded. */
const FRESH_MS = 3_600_000;
const UNFINISHED_BACKUP_MS = 86_400_000;

/** One pass. Throws UNAVAILABLE if an object store cannot be reached; what has been removed until then is gone. */
export async function sweep(tools: RemovalTools, options: SweepOptions): Promise<SweepResult> {
  const counts = { runs: 0, artifacts: 0, keptArtifacts: 0, leftovers: 0 };
  for await (const run of expiredRuns(tools, options)) {
    options.signal?.throwIfAborted();
    const plan = options.isDryRun ? await planRemoval(tools, run.runId) : await removeRun(tools, run.runId);
    if (!plan) continue;
    counts.runs += 1;
    counts.artifacts += plan.removed.length;
    counts.keptArtifacts += plan.kept.length;
    options.onRun?.(run, plan);
  }
  for (const path of await leftovers(tools, options.nowMs)) {
    counts.leftovers += 1;
    options.onLeftover?.(path);
    if (!options.isDryRun) await rm(path, { recursive: true, force: true });
  }
  return counts;
}

async function* expiredRuns({ retention }: RemovalTools, { policies, nowMs }: SweepOptions): AsyncGenerator<EndedRun> {
  const shortestMs = shortestKeptMs(policies);
  if (shortestMs === null) return;
  const newest = new Map<string, number | undefined>();
  for (let after: EndedRun | undefined; ;) {
    const page = await retention.endedRuns({ createdBeforeMs: nowMs - shortestMs, after, limit: PAGE });
    for (const run of page) {
      const policy = policyOf(policies, run.namespace);
      const expires = policy && expiresAtMs(run, policy);
      if (expires === undefined || expires > nowMs) continue;
      if (policy!.keep > 0) {
        if (!newest.has(run.namespace)) newest.set(run.namespace, await retention.createdAtOfNewest(run.namespace, policy!.keep));
        const createdAtMs = newest.get(run.namespace);
        // Fewer than are kept, or one of the newest.
        if (createdAtMs === undefined || run.createdAtMs >= createdAtMs) continue;
      }
      yield run;
    }
    if (page.length < PAGE) return;
    after = page.at(-1);
  }
}

/** Folders of runs that are gone, Python environments that nothing uses, what a backup that was killed had copied. */
async function leftovers({ dataDir, retention }: RemovalTools, nowMs: number): Promise<readonly string[]> {
  const found: string[] = [];
  for (const folder of ['logs', 'workspaces']) {
    const old = await olderThan(join(dataDir, folder), nowMs - FRESH_MS);
    const existing = new Set(await retention.existingRuns(old));
    found.push(...old.filter((runId) => !existing.has(runId)).map((runId) => join(dataDir, folder, runId)));
  }
  const unfinished = await olderThan(dataDir, nowMs - UNFINISHED_BACKUP_MS);
  found.push(...unfinished.filter((name) => name.startsWith('.backup-')).map((name) => join(dataDir, name)));
  const environments = await olderThan(join(dataDir, 'python'), nowMs - UNUSED_ENVIRONMENT_MS);
  // Beside each there are its log and its lock.
  found.push(...environments.filter((name) => !name.includes('.')).map((name) => join(dataDir, 'python', name)));
  return found;
}

async function olderThan(folder: string, timeMs: number): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  const times = await Promise.all(names.map(async (name) => (await stat(join(folder, name)).catch(() => undefined))?.mtimeMs));
  return names.filter((_, index) => (times[index] ?? Number.POSITIVE_INFINITY) < timeMs);
}

const SWEEP_MS = 3_600_000;
/** The start of a server is not the time for it. */
const FIRST_SWEEP_MS = 5 * 60_000;

/**
 * Sweeps some minutes after the start and then every hour. Disposing of it ends a pass after the run it is at. `onError` is told
 * when a pass ends early; the next one begins where it ended.
 */
export function startRetention(
  tools: RemovalTools,
  options: {
    readonly policies: RetentionPolicies;
    readonly clock: Clock;
    readonly onSwept?: (result: SweepResult) => void;
    readonly onError: (error: unknown) => void;
    readonly firstAfterMs?: number;
  },
): AsyncDisposable {
  const { policies, clock, firstAfterMs = FIRST_SWEEP_MS } = options;
  const ending = new AbortController();
  const { signal } = ending;
  let current: Promise<void> = Promise.resolve();
  let disarm = () => {};
  const pass = async () => {
    try {
      options.onSwept?.(await sweep(tools, { policies, nowMs: clock.now(), signal }));
    } catch (error) {
      if (!signal.aborted) options.onError(error);
    }
    if (!signal.aborted) arm(SWEEP_MS);
  };
  const arm = (afterMs: number) => {
    disarm = clock.at(clock.now() + afterMs, () => {
      current = pass();
    });
  };
  arm(firstAfterMs);
  return {
    async [Symbol.asyncDispose]() {
      ending.abort();
      disarm();
      await current;
    },
  };
}
