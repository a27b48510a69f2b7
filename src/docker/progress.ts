import type { IncomingMessage } from 'node:http';
import { DockerError } from './docker-api.ts';
import { linesOf } from './lines.ts';

/** One line of what the daemon says while it pulls, builds or pushes. */
export interface ProgressLine {
  readonly status?: string;
  readonly id?: string;
  readonly stream?: string;
  readonly error?: string;
  /** Text is what BuildKit says (buildkit-trace.ts). */
  readonly aux?: { readonly Digest?: string } | string;
}

/**
 * Reads an answer that is one JSON object a line, to its end. Throws DockerError for a line that says an error: the daemon has
 * answered 200 by then.
 */
export async function readProgress(response: IncomingMessage, onLine: (line: ProgressLine) => void): Promise<void> {
  try {
    for await (const text of linesOf(response)) {
      if (text.trim() === '') continue;
      const line = JSON.parse(text) as ProgressLine;
      if (line.error !== undefined) throw new DockerError(statusOf(line.error), line.error);
      onLine(line);
    }
  } catch (cause) {
    if (cause instanceof DockerError) throw cause;
    throw new DockerError(0, `the connection to the Docker daemon broke: ${(cause as Error).message}`, { cause });
  }
}

/** The daemon's words for what a status would have said. */
function statusOf(error: string): number {
  if (/unauthorized|denied|authentication required|no basic auth/i.test(error)) return 403;
  return /not found|manifest unknown|does not exist/i.test(error) ? 404 : 500;
}
