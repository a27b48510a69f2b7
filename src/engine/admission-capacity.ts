/** What steps are admitted to: what the executor found on the machine, unless it was configured, as one node or as several. */
import type { Capacity, NodePool } from '../executors/executor.ts';
import { NodeAccount } from './admission-node.ts';

/** The kind that GPUs are counted as on a machine; other names of NVIDIA's GPUs stand for it. */
export const GPU = 'nvidia.com/gpu';

export interface PlacementSettings {
  /** Members that are given replace what the executor found. */
  readonly capacity?: ConfiguredCapacity;
  /** Divides the machine: steps are placed on these only. */
  readonly pools?: readonly NodePool[];
  /** What is admitted takes no room: for saying what could run, not when. */
  readonly isImagined?: boolean;
}

export interface ConfiguredCapacity {
  readonly slots?: number;
  readonly cpuMillis?: number;
  readonly memoryBytes?: number;
  readonly accelerators?: Readonly<Record<string, number>>;
}

export interface AdmissionCapacity {
  /** Steps running at once, on all nodes together. */
  readonly slots: number;
  readonly nodes: readonly NodeAccount[];
  /** The nodes have names and labels, so that selectors, affinities and taints count. */
  readonly hasPools: boolean;
  /** Somebody has said how much there is; else it is what was found. */
  readonly isConfigured: { readonly cpu: boolean; readonly memory: boolean };
  /** Whether a step that asks for this kind of accelerator can be told that it gets none here; else it runs without. */
  readonly refuses: (acceleratorType: string) => boolean;
}

export function admissionCapacity(
  found: Capacity,
  { capacity = {}, pools, isImagined = false }: PlacementSettings,
  { strict }: { readonly strict: boolean },
): AdmissionCapacity {
  const { slots, devices, ...machine } = { ...found, ...capacity };
  const accelerators = { ...found.accelerators, ...capacity.accelerators };
  const whole: NodePool = { ...machine, accelerators, name: '', labels: {}, taints: [] };
  return {
    slots: isImagined ? Number.POSITIVE_INFINITY : slots,
    nodes: withDevices(pools ?? [whole], { isImagined, indexes: devices ?? {} }),
    hasPools: pools !== undefined,
    isConfigured: {
      cpu: strict || pools !== undefined || capacity.cpuMillis !== undefined,
      memory: strict || pools !== undefined || capacity.memoryBytes !== undefined,
    },
    refuses: (type) => strict || pools !== undefined || Object.hasOwn(accelerators, type),
  };
}

/** The accelerators of a kind are numbered through all nodes: they are those of one machine. */
function withDevices(
  pools: readonly NodePool[],
  { indexes, ...options }: { readonly isImagined: boolean; readonly indexes: NonNullable<Capacity['devices']> },
): readonly NodeAccount[] {
  const next: Record<string, number> = {};
  return pools.map((pool) => {
    const devices = Object.entries(pool.accelerators).map(([type, count]) => {
      const first = next[type] ?? 0;
      next[type] = first + count;
      return [type, indexesOf(indexes[type] ?? [], first + count).slice(first)] as const;
    });
    return new NodeAccount(pool, Object.fromEntries(devices), options);
  });
}

/** Those that are known, and as many more as somebody says there are. */
function indexesOf(known: readonly number[], count: number): readonly number[] {
  const all = [...known];
  for (let index = 0; all.length < count; index++) if (!known.includes(index)) all.push(index);
  return all.slice(0, count);
}
