import type { Clock } from '../../base/clock.ts';
import type { DockerApi } from '../../docker/docker-api.ts';
import type { ResourceUse } from '../../model/outcome.ts';

/** A step that is shorter is not measured: asking would cost it more than it uses. Then twice as long each time. */
const FIRST_SAMPLE_MS = 1000;
const MAX_INTERVAL_MS = 10_000;

/** What a container's control group says; it is gone when the container ends, so it is asked now and then. */
export interface ContainerStats {
  readonly cpu_stats?: { readonly cpu_usage?: { readonly total_usage?: number } };
  readonly memory_stats?: {
    readonly usage?: number;
    readonly stats?: { readonly inactive_file?: number; readonly total_inactive_file?: number };
  };
}

/** Tells the largest memory and the last CPU time, until the function returned is called. */
export function sampleUsage(
  containerId: string,
  host: { readonly api: DockerApi; readonly clock: Clock; readonly onUse: (use: ResourceUse) => void },
): () => void {
  let known: ResourceUse | undefined;
  let stop = () => {};
  let stopped = false;
  const arm = (intervalMs: number) => {
    stop = host.clock.at(host.clock.now() + intervalMs, () => void sample(Math.min(intervalMs * 2, MAX_INTERVAL_MS)));
  };
  const sample = async (nextMs: number) => {
    const query = { stream: false, 'one-shot': true };
    const stats = await host.api.call('GET', `/containers/${containerId}/stats`, { query }).catch(() => undefined);
    if (stopped) return;
    known = joinUse(known, stats as ContainerStats | undefined);
    if (known) host.onUse(known);
    arm(nextMs);
  };
  arm(FIRST_SAMPLE_MS);
  return () => {
    stopped = true;
    stop();
  };
}

/** Memory without what the system keeps of files and would give back: Kubernetes' working set. */
export function joinUse(known: ResourceUse | undefined, stats: ContainerStats | undefined): ResourceUse | undefined {
  const { usage, stats: details } = stats?.memory_stats ?? {};
  const cpuNs = stats?.cpu_stats?.cpu_usage?.total_usage;
  // A container that has just ended answers with zeros.
  if (!usage || !cpuNs) return known;
  const memory = Math.max(0, usage - (details?.total_inactive_file ?? details?.inactive_file ?? 0));
  const cpuMs = Math.round(cpuNs / 1e6);
  return { cpuMs: Math.max(cpuMs, known?.cpuMs ?? 0), peakMemoryBytes: Math.max(memory, known?.peakMemoryBytes ?? 0) };
}
