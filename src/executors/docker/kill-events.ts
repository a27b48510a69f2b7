import { createInterface } from 'node:readline';
import type { Clock } from '../../base/clock.ts';
import type { DockerApi } from '../../docker/docker-api.ts';
import type { DaemonWatch } from './daemon-watch.ts';

/** Signals that ask a program to end; others are nobody's business. */
const ENDING_SIGNALS = new Set(['2', '3', '9', '15']);
const RETRY_MS = 1000;

interface DockerEvent {
  readonly timeNano?: number;
  readonly Actor?: { readonly Attributes?: Readonly<Record<string, string>> };
}

/**
 * Listens for containers of ours being told to end: by us, by somebody's `docker stop`, or by a daemon that is stopped itself and
 * still answers while it ends its containers. A program that answers a signal with success has not done its work.
 */
export function listenForKills(options: {
  readonly api: DockerApi;
  readonly daemon: DaemonWatch;
  readonly clock: Clock;
  /** `name=value` of our containers. */
  readonly label: string;
  readonly signal: AbortSignal;
  readonly onKill: (attemptId: string, atMs: number) => void;
}): void {
  const { api, daemon, clock, label, signal } = options;
  const filters = JSON.stringify({ type: ['container'], event: ['kill'], label: [label] });
  const listen = async () => {
    const response = await api.open('GET', '/events', { query: { filters }, signal });
    for await (const line of createInterface({ input: response })) {
      if (line.trim() === '') continue;
      const { timeNano, Actor } = JSON.parse(line) as DockerEvent;
      const { signal: number = '', 'pipewright.attempt': attemptId } = Actor?.Attributes ?? {};
      if (attemptId === undefined || !ENDING_SIGNALS.has(number)) continue;
      options.onKill(attemptId, timeNano === undefined ? clock.now() : timeNano / 1e6);
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
