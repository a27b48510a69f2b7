/**
 * Notices a daemon that has stopped answering without going away: frozen (SIGSTOP), or stuck on its disk. Connections to it stay
 * open and are even taken, so that requests and streams would wait for ever.
 *
 * Owns: the question that is asked while anything is under way. When it is not answered in time, all that is under way ends with
 * DaemonSilent; who sent it may send it again.
 */
import type { IncomingMessage } from 'node:http';
import type { Clock } from '../base/clock.ts';
import { DockerError, type DockerApi } from './docker-api.ts';

/** Its status is 0: as if the daemon had gone away; containers have nothing to do with it. */
export class DaemonSilent extends DockerError {
  constructor(address: string) {
    super(0, `the Docker daemon at ${address} has stopped answering`);
  }
}

/** Whether it is why something ended; a broken stream has it as its cause. */
export function isSilence(error: unknown): boolean {
  return error instanceof DaemonSilent || (error instanceof Error && error.cause instanceof DaemonSilent);
}

export interface WatchfulOptions {
  readonly clock: Clock;
  /** Between two questions. Default: 10,000. */
  readonly everyMs?: number;
  /** How long an answer may take: a daemon that starts many containers is slow. Default: 30,000. */
  readonly answerMs?: number;
}

export function watchfulApi(api: DockerApi, { clock, everyMs = 10_000, answerMs = 30_000 }: WatchfulOptions): DockerApi {
  const underWay = new Set<(error: DaemonSilent) => void>();
  let stopTimer: (() => void) | undefined;
  const arm = () => {
    stopTimer ??= clock.at(clock.now() + everyMs, () => void ask());
  };
  const ask = async () => {
    const isThere = await answers(api, answerMs);
    stopTimer = undefined;
    if (!isThere) for (const end of underWay) end(new DaemonSilent(api.address));
    if (underWay.size > 0) arm();
  };
  /** Ends with what the work answers, or with silence. */
  const watched = async <T>(
    { signal, ...options }: { readonly signal?: AbortSignal },
    work: (options: { readonly signal: AbortSignal }) => Promise<T>,
  ): Promise<T> => {
    const silence = new AbortController();
    const end = (error: DaemonSilent) => silence.abort(error);
    underWay.add(end);
    arm();
    try {
      return await work({ ...options, signal: signal ? AbortSignal.any([signal, silence.signal]) : silence.signal });
    } catch (error) {
      throw silence.signal.aborted ? silence.signal.reason : error;
    } finally {
      underWay.delete(end);
    }
  };
  return {
    address: api.address,
    call: (method, path, options = {}) => watched(options, (all) => api.call(method, path, all)),
    async open(method, path, options = {}) {
      const response = await watched(options, (all) => api.open(method, path, all));
      watchStream(response, underWay);
      arm();
      return response;
    },
    close() {
      stopTimer?.();
      underWay.clear();
      api.close();
    },
  };
}

function watchStream(response: IncomingMessage, underWay: Set<(error: DaemonSilent) => void>): void {
  const end = (error: DaemonSilent) => response.destroy(error);
  underWay.add(end);
  response.once('close', () => underWay.delete(end));
}

/** Any answer will do, also a refusal: only one that does not come tells of a daemon that is stuck. */
async function answers(api: DockerApi, withinMs: number): Promise<boolean> {
  const timeout = AbortSignal.timeout(withinMs);
  await api.call('GET', '/_ping', { signal: timeout }).catch(() => {});
  return !timeout.aborted;
}
