/**
 * Starts the runs of recurring runs when they are due.
 *
 * Owns: the timer for the next tick. Doesn't own: what is due (due-times.ts), making a run (runs.ts).
 * I1. A tick makes one run, also when the server ends between starting it and recording that: its id follows from the tick.
 * I2. Never more runs at once than allowed; ticks wait for a run to end. Servers that share a database are at one recurring run
 *     one after the other: else both could find room for the last.
 * I3. A tick that cannot make a run is recorded with the reason and does not hold up the next.
 * I4. What goes wrong with one recurring run does not hold up the others.
 */
import { ProductError } from '../base/errors.ts';
import { derivedUuid } from '../base/ids.ts';
import { isFinalRun } from '../model/states.ts';
import type { RecurringRunRow } from '../store/catalogue-store.ts';
import type { Leases } from '../store/leases.ts';
import type { App } from './app.ts';
import { nextDue } from './due-times.ts';
import type { PipelineSource } from './pipeline-source.ts';
import { createRun } from './runs.ts';
import { zoneOffset } from './time-zone.ts';

export interface RecurringScheduler extends AsyncDisposable {
  /** Looks again at what is due. */
  poke(): void;
  /** Resolves when all that was due is started. */
  settled(): Promise<void>;
}

export interface SchedulerOptions {
  readonly timeZone?: string;
  /** Where servers share a database. */
  readonly leases?: Leases | undefined;
  /** Told of what went wrong in a round; the next round tries again. */
  readonly onError: (error: unknown) => void;
}

/** Looks at least this often, in case a clock was put back. */
const MAX_WAIT_MS = 60_000;
/** When to look again at what another server is at: it will be done with it by then. */
const BUSY_WAIT_MS = 1_000;
/** Ticks of one recurring run that are started in one round: others are to have their turn. */
const MAX_STARTS = 10;
/** Room for the index and the hash that follow. */
const MAX_RESOURCE_NAME = 200;

/** Throws INVALID_ARGUMENTS for a time zone that does not exist. */
export function startRecurringScheduler(app: App, options: SchedulerOptions): RecurringScheduler {
  const { engine, clock, catalogue } = app;
  const { timeZone = 'UTC', leases } = options;
  zoneOffset(timeZone);
  let stopTimer = () => {};
  let round: Promise<void> | undefined;
  let again = false;
  let isRoomAwaited = false;
  let isStopped = false;

  const run = async (): Promise<void> => {
    let wakeAtMs = clock.now() + MAX_WAIT_MS;
    let isAwaited = false;
    for (const row of await catalogue.enabledRecurringRuns()) {
      try {
        const next = await startDueAlone(app, row, { timeZone, leases });
        if (next === 'when a run ends') isAwaited = true;
        else if (next !== 'never') wakeAtMs = Math.min(wakeAtMs, next);
      } catch (error) {
        options.onError(error);
      }
      if (isStopped) return;
    }
    isRoomAwaited = isAwaited;
    wakeAt(wakeAtMs);
  };
  const wakeAt = (atMs: number): void => {
    stopTimer();
    if (!isStopped) stopTimer = clock.at(atMs, poke);
  };
  const poke = (): void => {
    if (isStopped) return;
    again = true;
    round ??= (async () => {
      while (again && !isStopped) {
        again = false;
        await run().catch((error: unknown) => {
          options.onError(error);
          wakeAt(clock.now() + MAX_WAIT_MS);
        });
      }
      round = undefined;
    })();
  };
  // A run that has ended may be what a tick waits for, or what this round is about to find still going on.
  const unsubscribe = engine.subscribe(({ run: row }) => {
    if (row && isFinalRun(row.state) && (isRoomAwaited || round)) poke();
  });
  poke();
  return {
    poke,
    settled: async () => {
      while (round) await round;
    },
    async [Symbol.asyncDispose]() {
      isStopped = true;
      stopTimer();
      unsubscribe();
      await round;
    },
  };
}

/** As startDue, by one server at a time. */
async function startDueAlone(
  app: App,
  row: RecurringRunRow,
  { timeZone, leases }: { readonly timeZone: string; readonly leases: SchedulerOptions['leases'] },
): Promise<NextLook> {
  const { clock, catalogue } = app;
  const { recurringRunId } = row;
  const dueAtMs = nextDue(row, clock.now(), timeZone);
  if (dueAtMs === undefined) return 'never';
  if (dueAtMs > clock.now()) return dueAtMs;
  if (!leases) return await startDue(app, row, timeZone);
  const next = await leases.exclusively(`recurring-run ${recurringRunId}`, async () => {
    // Another server may have been at it since it was read.
    const now = await catalogue.getRecurringRun(recurringRunId);
    return now?.isEnabled ? await startDue(app, now, timeZone) : 'never';
  });
  return next ?? clock.now() + BUSY_WAIT_MS;
}

type NextLook = number | 'when a run ends' | 'never';

/** Starts what is due of one; returns when to look again. */
async function startDue(app: App, given: RecurringRunRow, timeZone: string): Promise<NextLook> {
  let row = given;
  for (let started = 0; started < MAX_STARTS; started += 1) {
    const nowMs = app.clock.now();
    const dueAtMs = nextDue(row, nowMs, timeZone);
    if (dueAtMs === undefined) return 'never';
    if (dueAtMs > nowMs) return dueAtMs;
    if ((await app.catalogue.countActiveRuns(row.recurringRunId)) >= row.maxConcurrency) return 'when a run ends';
    const error = await startTick(app, row, dueAtMs);
    const tick = { runsStarted: row.runsStarted + 1, lastDueAtMs: dueAtMs, error };
    await app.catalogue.recordTick(row.recurringRunId, tick);
    // It may have been disabled or deleted while the run was started.
    const now = await app.catalogue.getRecurringRun(row.recurringRunId);
    if (!now?.isEnabled) return 'never';
    row = now;
  }
  return app.clock.now();
}

/** The name as the reference server gives it to what a recurring run starts: only what a Kubernetes object may be called. */
function resourceName(name: string): string {
  return (
    name
      .toLowerCase()
      .replace(/[^a-z0-9-]+/g, '')
      .slice(0, MAX_RESOURCE_NAME) || 'job'
  );
}

/** Returns what went wrong, "" if nothing. */
async function startTick(app: App, row: RecurringRunRow, dueAtMs: number): Promise<string> {
  const index = row.runsStarted + 1;
  const runId = derivedUuid('recurring-run', row.recurringRunId, dueAtMs);
  if (await app.store.getRun(runId)) {
    await app.catalogue.placeRun(runId);
    return '';
  }
  try {
    await createRun(app, {
      displayName: `${resourceName(row.name)}-${index}-${runId.slice(0, 8)}`,
      description: row.description,
      experimentId: row.experimentId,
      source: await sourceOf(app, row),
      parameters: () => row.parameters,
      pipelineRoot: row.pipelineRoot,
      serviceAccount: row.serviceAccount,
      pluginsInput: row.pluginsInput,
      recurring: { recurringRunId: row.recurringRunId, runId, dueAtMs, index },
    });
    return '';
  } catch (error) {
    if (!(error instanceof ProductError) || error.code === 'UNAVAILABLE') throw error;
    // Another server on the same database was quicker.
    if (error.code === 'CONFLICT' && (await app.store.getRun(runId))) return '';
    return error.message;
  }
}

async function sourceOf({ documents }: App, row: RecurringRunRow): Promise<PipelineSource> {
  if (row.inlineSpecDigest !== null) return { kind: 'inline', spec: await documents.text(row.inlineSpecDigest) };
  return { kind: 'version', pipelineId: row.pipelineId ?? '', pipelineVersionId: row.pipelineVersionId ?? '' };
}
