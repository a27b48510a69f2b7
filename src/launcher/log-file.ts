import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Where an attempt's output goes: `<data>/logs/<run id>/<task number>.<attempt>.log`; stdout and stderr in the order written. */
export function logFile(dataDir: string, attemptId: string): string {
  const [runId, rest] = splitAttemptId(attemptId);
  return join(dataDir, 'logs', runId, `${rest}.log`);
}

/** Run ids may contain dots; the last two parts of an attempt id are the task's number and the attempt's. */
function splitAttemptId(attemptId: string): readonly [string, string] {
  const parts = attemptId.split('.');
  return [parts.slice(0, -2).join('.') || '_', parts.slice(-2).join('.')];
}

/**
 * The last `maxBytes` of a log as text, from the start of a line where it was cut; "" if there is no log. Bytes that are not
 * UTF-8 become U+FFFD.
 */
export async function readLogTail(file: string, maxBytes: number): Promise<string> {
  let handle;
  try {
    handle = await open(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
  try {
    const { size } = await handle.stat();
    const start = Math.max(0, size - maxBytes);
    const buffer = Buffer.alloc(Math.min(size, maxBytes));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, start);
    const text = buffer.toString('utf8', 0, bytesRead);
    const firstLine = start === 0 ? -1 : text.indexOf('\n');
    return firstLine >= 0 && firstLine < text.length - 1 ? text.slice(firstLine + 1) : text;
  } finally {
    await handle.close();
  }
}

/** Bytes of a log; 0 if there is none. */
export async function logSize(file: string): Promise<number> {
  const stats = await stat(file).catch(() => undefined);
  return stats?.size ?? 0;
}
