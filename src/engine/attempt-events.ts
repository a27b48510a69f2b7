/** The events with which attempts begin. */
import type { RunEvent } from '../model/events.ts';
import type { Refusal } from './admission-words.ts';
import type { Launched } from './leaf-admission.ts';
import { placementOf } from './placement-of.ts';
import type { TaskInstance } from './run-data.ts';

export function launchedEvent({ task, cacheMiss, holding }: Launched): RunEvent {
  const placement = placementOf(holding);
  return {
    kind: 'launched',
    task: task.number,
    attempt: task.attempts,
    ...(cacheMiss === undefined ? {} : { cacheMiss }),
    ...(placement && { placement }),
  };
}

/** A request that can never be met fails the step as an attempt, so that the record says what was asked for. */
export function refusedEvents(
  { number, attempts }: TaskInstance,
  { message, hint }: Refusal,
  nowMs: number,
): readonly RunEvent[] {
  const attempt = { task: number, attempt: attempts };
  const error = { code: 1, message: `this step ${message}`, cause: 'input', hint } as const;
  return [
    { kind: 'launched', ...attempt },
    { kind: 'finished', ...attempt, outcome: { kind: 'failed', error }, startedAtMs: nowMs, endedAtMs: nowMs },
  ];
}
