import { unlessAborted } from '../../base/abort.ts';
import type { Clock } from '../../base/clock.ts';
import { isUnreachable, type CallOptions, type DockerApi } from '../../docker/docker-api.ts';
import { isSilence } from '../../docker/watchful-api.ts';
import type { TaskLaunch } from '../executor.ts';
import type { DaemonWatch } from './daemon-watch.ts';
import type { DockerAttempt } from './docker-attempt.ts';

export interface DaemonPatienceOptions {
  readonly api: DockerApi;
  readonly daemon: DaemonWatch;
  readonly clock: Clock;
  /** Ends what waits for the daemon when the executor is stopped. */
  readonly signal: AbortSignal;
  readonly note: (launch: TaskLaunch, message: string, severity?: 'info' | 'warning') => void;
}

/** Repeats what the daemon did not answer, once it is back. */
export class DaemonPatience {
  readonly #options: DaemonPatienceOptions;

  constructor(options: DaemonPatienceOptions) {
    this.#options = options;
  }

  /** As DockerApi.call. */
  call(attempt: DockerAttempt, method: string, path: string, options?: CallOptions): Promise<unknown> {
    return this.insist(attempt, () => this.#options.api.call(method, path, options));
  }

  /** Does not wait for the daemon once `until` is aborted. Throws what the daemon answers. */
  async insist<T>(attempt: DockerAttempt, work: () => Promise<T>, until = this.#options.signal): Promise<T> {
    const { daemon, clock, signal, note } = this.#options;
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (!isUnreachable(error) || signal.aborted || until.aborted) throw error;
        const fromMs = attempt.outage?.fromMs ?? clock.now();
        if (!attempt.outage) note(attempt.launch, 'the Docker daemon does not answer; waiting for it', 'warning');
        if (!(await unlessAborted(until, daemon.back()))) throw error;
        // One that was only stuck has not taken its containers with it.
        if (!isSilence(error)) attempt.outage = { fromMs, toMs: clock.now() };
      }
    }
  }
}
