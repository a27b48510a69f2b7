import type { DockerApi } from '../../docker/docker-api.ts';
import { reclaimable, type UseReading } from './use-reading.ts';

/** What `GET /containers/{id}/stats` says. */
export interface ContainerStats {
  readonly cpu_stats?: { readonly cpu_usage?: { readonly total_usage?: number } };
  readonly memory_stats?: {
    readonly usage?: number;
    readonly max_usage?: number;
    /** memory.stat. */
    readonly stats?: Readonly<Record<string, number>>;
  };
}

/** Asks the daemon, where a container's control groups are out of reach. Undefined if it has ended, or nobody answers. */
export async function readStats(api: DockerApi, containerId: string): Promise<UseReading | undefined> {
  const query = { stream: false, 'one-shot': true };
  const stats = await api.call('GET', `/containers/${containerId}/stats`, { query }).catch(() => undefined);
  return readingOf(stats as ContainerStats | undefined);
}

export function readingOf(stats: ContainerStats | undefined): UseReading | undefined {
  const { usage, max_usage: peak, stats: details = {} } = stats?.memory_stats ?? {};
  const cpuNs = stats?.cpu_stats?.cpu_usage?.total_usage;
  // A container that has just ended answers with zeros.
  if (!usage || !cpuNs) return undefined;
  return {
    cpuMs: cpuNs / 1e6,
    usageBytes: usage,
    ...(peak ? { peakBytes: peak } : {}),
    reclaimableBytes: reclaimable((...names) => details[names.find((name) => name in details) ?? ''] ?? 0),
  };
}
