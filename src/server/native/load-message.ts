import type { EngineLoad } from '../../engine/loop.ts';
import { taintText } from '../../engine/admission-words.ts';
import type { NativeMessage } from './messages.ts';

/** How busy this server is, in the units of the wire: cores and bytes. */
export function loadMessage({ running, waiting, slots, slotsInUse, nodes }: EngineLoad): NativeMessage<'SystemLoad'> {
  return {
    steps_running: running,
    steps_waiting: waiting,
    slots,
    slots_in_use: slotsInUse,
    nodes: nodes.map(({ pool, used }) => ({
      name: pool.name,
      labels: pool.labels,
      taints: pool.taints.map(taintText),
      resources: [
        { resource: 'cpu', total: pool.cpuMillis / 1000, in_use: used.cpuMillis / 1000 },
        { resource: 'memory', total: pool.memoryBytes, in_use: used.memoryBytes },
        ...Object.entries(pool.accelerators).map(([resource, total]) => ({
          resource,
          total,
          in_use: used.accelerators[resource] ?? 0,
        })),
      ],
    })),
  };
}
