import type { Clock } from '../../base/clock.ts';
import type { DockerApi } from '../../docker/docker-api.ts';
import type { DockerInfo } from '../../docker/docker-info.ts';
import { linesOf } from '../../docker/lines.ts';
import type { DaemonWatch } from './daemon-watch.ts';
import { CONTAINER_LABEL } from './step-pod.ts';

/** Signals that ask a program to end; others are nobody's business. */
const ENDING_SIGNALS = new Set(['2', '3', '9', '15']);
/** Podman does not say which signal it was; hardly anybody sends another. */
const UNNAMED: Readonly<Record<DockerInfo['engine'], string>> = { docker: '', podman: '15' };
const RETRY_MS = 1000;

interface DockerEvent {
  readonly Action?: string;
  readonly timeNano?: number;
  readonly Actor?: { readonly Attributes?: Readonly<Record<string, string>> };
}

/**
 * Listens for containers of ours being told to end: by us, by somebody's `docker stop`, or by a daemon that is stopped itself and
 * still answers while it ends its containers. A program that answers a signal with success has not done its work.
 */
export function listenForKills(options: {
  readonly api: DockerApi;
  readonly engine: DockerInfo['engine'];
  readonly daemon: DaemonWatch;
  readonly clock: Clock;
  /** `name=value` of our containers. */
  readonly label: string;
  readonly signal: AbortSignal;
  /** `beside`: the init container it is, if it is not the step's own. */
  readonly onKill: (attemptId: string, atMs: number, beside?: string) => void;
}): void {
  const { api, daemon, clock, label, signal } = options;
  // Asked for one kind of event, Podman 4 tells none.
  const event = options.engine === 'docker' ? { event: ['kill'] } : {};
  const filters = JSON.stringify({ type: ['container'], label: [label], ...event });
  const listen = async () => {
    const response = await api.open('GET', '/events', { query: { filters }, signal });
    for await (const line of linesOf(response)) {
      if (line.trim() === '') continue;
      const { Action, timeNano, Actor } = JSON.parse(line) as DockerEvent;
      const {
        signal: number = UNNAMED[options.engine],
        'pipewright.attempt': attemptId,
        [CONTAINER_LABEL]: beside,
      } = Actor?.Attributes ?? {};
      if (attemptId === undefined || beside !== undefined || Action !== 'kill' || !ENDING_SIGNALS.has(number)) continue;
      options.onKill(attemptId, timeNano === undefined ? clock.now() : timeNano / 1e6, beside);
    }
  };
  const go = async () => {
    while (!signal.aborted) {
      await listen().catch(() => {});
      if (signal.aborted) return;
      await new Promise<void>((resolve) => clock.at(clock.now() + RETRY_MS, resolve));
      await daemon.back();
    }
  };
  void go();
}
