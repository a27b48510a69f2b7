import { setTimeout as sleep } from 'node:timers/promises';
import { isFinalRun, RUN_STATES, type RunState } from '../../model/states.ts';
import type { ProgressRun } from '../run-progress.ts';
import type { Session } from './session.ts';

const POLL_MS = 1000;

/** The states of a run of a server that has no events: asked for again and again until the run is final. */
export async function* polledRun({ kfp }: Session, runId: string, signal?: AbortSignal): AsyncGenerator<ProgressRun> {
  for (;;) {
    const run = await kfp.call('RunService_GetRun', { params: { run_id: runId }, signal });
    const state = run.state === 'SKIPPED' ? 'SUCCEEDED' : run.state;
    const known: RunState = state !== undefined && state in RUN_STATES ? (state as RunState) : 'PENDING';
    yield {
      runId,
      pipelineName: run.display_name ?? '',
      state: known,
      createdAtMs: run.created_at ?? 0,
      ...(run.scheduled_at ? { startedAtMs: run.scheduled_at } : {}),
      ...(run.finished_at ? { endedAtMs: run.finished_at } : {}),
    };
    if (isFinalRun(known)) return;
    await sleep(POLL_MS, undefined, signal === undefined ? {} : { signal });
  }
}
