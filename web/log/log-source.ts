import { urlOf } from '../api/call.ts';
import { ApiError } from '../api/api-error.ts';

export interface LogAddress {
  readonly runId: string;
  readonly taskId: string;
  readonly attempt: number;
}

export interface LogSection {
  readonly bytes: Uint8Array;
  /** Where the bytes lie, and how long the log is now. */
  readonly offset: number;
  readonly size: number;
}

/** A section of a log: from `offset` on, or its last `tail` bytes. */
export async function readLog(
  { runId, taskId, attempt }: LogAddress,
  range: { readonly offset: number; readonly limit: number } | { readonly tail: number },
  signal: AbortSignal,
): Promise<LogSection> {
  const query = Object.fromEntries(Object.entries({ ...range, attempt }).map(([name, value]) => [name, String(value)]));
  const response = await fetch(urlOf('Task_GetLog', { params: { run_id: runId, task_id: taskId }, query }), { signal });
  if (!response.ok) throw ApiError.from(response.status, await response.text());
  const bytes = new Uint8Array(await response.arrayBuffer());
  return { bytes, offset: Number(response.headers.get('x-log-offset')), size: Number(response.headers.get('x-log-size')) };
}

/** What is written from `offset` on, as it is written, until the attempt ends. */
export async function followLog(
  { runId, taskId, attempt }: LogAddress,
  offset: number,
  take: (bytes: Uint8Array) => void,
  signal: AbortSignal,
): Promise<void> {
  const query = { attempt, offset: String(offset), follow: true };
  const response = await fetch(urlOf('Task_GetLog', { params: { run_id: runId, task_id: taskId }, query }), { signal });
  if (!response.ok || !response.body) throw ApiError.from(response.status, await response.text());
  const reader = response.body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) take(part.value);
}

export const downloadUrl = ({ runId, taskId, attempt }: LogAddress): string =>
  urlOf('Task_GetLog', { params: { run_id: runId, task_id: taskId }, query: { attempt, download: true } });
