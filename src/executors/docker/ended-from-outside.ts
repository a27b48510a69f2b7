import type { DockerInfo } from '../../docker/docker-info.ts';
import type { ContainerState } from './container-outcome.ts';
import type { DockerAttempt } from './docker-attempt.ts';

/** Who ends a container gives it some time: a daemon that stops 15 seconds, `docker stop` 10. */
const STOPPING_MS = 20_000;
/** Exit codes of SIGKILL and SIGTERM. */
const KILLED: ReadonlySet<number> = new Set([137, 143]);

/**
 * A daemon that is stopped, or killed and started again, ends its containers, and some programs answer that with success. One that
 * lets them go on, and Podman, which needs no daemon, have nothing to do with the end. `killedAtMs`: when somebody but us told the
 * container to end.
 */
export function wasEndedFromOutside(
  state: ContainerState,
  {
    outage,
    killedAtMs,
    adoptedAtMs,
    info,
  }: Pick<DockerAttempt, 'outage' | 'killedAtMs' | 'adoptedAtMs'> & { readonly info: DockerInfo },
): boolean {
  const { endedMs } = timesOf(state);
  if (killedAtMs !== undefined && endedMs - killedAtMs < STOPPING_MS) return true;
  if (info.engine === 'podman' || info.keepsContainers) return false;
  // While nobody watched, the daemon may have been started anew, which kills what ran.
  if (adoptedAtMs !== undefined && endedMs <= adoptedAtMs && KILLED.has(state.ExitCode) && !state.OOMKilled) return true;
  return outage !== undefined && endedMs >= outage.fromMs - STOPPING_MS && endedMs <= outage.toMs;
}

export function timesOf({ StartedAt, FinishedAt }: ContainerState): { readonly startedMs: number; readonly endedMs: number } {
  const endedMs = Date.parse(FinishedAt);
  const startedMs = Date.parse(StartedAt);
  return { startedMs: Math.min(startedMs, endedMs), endedMs };
}
