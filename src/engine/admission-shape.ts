/** Steps that ask for the same are alike to admission: where they may be placed is worked out once for all of them. */
import type { ResourceRequest } from '../executors/executor.ts';
import { GPU, type AdmissionCapacity } from './admission-capacity.ts';
import { matchesLabels, preference, untolerated, type NodeConstraints } from './admission-matching.ts';
import type { NodeAccount } from './admission-node.ts';
import {
  cpuText,
  limitWords,
  memoryText,
  refuseAccelerator,
  refuseLabels,
  refuseSize,
  refuseTaint,
  type Refusal,
} from './admission-words.ts';

/** What one step asks for. */
export interface Need {
  readonly request: ResourceRequest;
  /** Amounts that only follow from limits: a limit beyond the machine limits nothing, but is no mistake. */
  readonly byLimit?: { readonly cpu: boolean; readonly memory: boolean };
  readonly constraints?: NodeConstraints;
}

export interface Shape {
  readonly request: ResourceRequest;
  /** Where it may be placed and would fit if nothing else ran; what it prefers comes first. */
  readonly nodes: readonly NodeAccount[];
  /** Why it can never be placed. */
  readonly refusal?: Refusal;
  /** What it runs without, or with less of; follows the words "this step". */
  readonly warning?: string;
}

export function shapeOf(need: Need, capacity: AdmissionCapacity): Shape {
  const { constraints } = need;
  const known = withKnownAccelerator(need.request, capacity);
  const { accelerator, ...rest } = known;
  const isLeftOut = accelerator && !capacity.refuses(accelerator.type) && !hasKind(capacity, accelerator.type);
  const { request, cut } = withinMachine(isLeftOut ? rest : known, need.byLimit, capacity);
  const warnings = [
    ...(isLeftOut
      ? [`asks for ${accelerator.count} ${accelerator.type}, of which nothing is known on this machine; it runs without`]
      : []),
    ...cut,
  ];
  const shape = placed({ request, ...(constraints && { constraints }) }, capacity);
  return warnings.length === 0 ? shape : { ...shape, warning: warnings.join('; and it ') };
}

/** Where nobody has said how much there is, a limit beyond the machine counts as all of it. */
function withinMachine(request: ResourceRequest, byLimit: Need['byLimit'], { nodes, isConfigured }: AdmissionCapacity) {
  const { pool } = nodes[0]!;
  const { cpuMillis = 0, memoryBytes = 0 } = request;
  const cutsCpu = byLimit?.cpu === true && !isConfigured.cpu && cpuMillis > pool.cpuMillis;
  const cutsMemory = byLimit?.memory === true && !isConfigured.memory && memoryBytes > pool.memoryBytes;
  return {
    request: {
      ...request,
      ...(cutsCpu ? { cpuMillis: pool.cpuMillis } : {}),
      ...(cutsMemory ? { memoryBytes: pool.memoryBytes } : {}),
    },
    cut: [
      ...(cutsCpu ? [limitWords('CPU', cpuText(cpuMillis), cpuText(pool.cpuMillis))] : []),
      ...(cutsMemory ? [limitWords('memory', memoryText(memoryBytes), memoryText(pool.memoryBytes))] : []),
    ],
  };
}

function placed({ request, constraints }: Need, { nodes, hasPools }: AdmissionCapacity): Shape {
  const rules = hasPools ? (constraints ?? NO_CONSTRAINTS) : undefined;
  const labelled = rules ? nodes.filter(({ pool }) => matchesLabels(pool, rules)) : nodes;
  const refused = (refusal: Refusal): Shape => ({ request, nodes: [], refusal });
  if (labelled.length === 0) return refused(refuseLabels(rules!, nodes));
  const open = rules ? labelled.filter(({ pool }) => !untolerated(pool, rules.tolerations)) : labelled;
  // A taint is only in the way where the step would fit otherwise.
  const kept = open.some(({ pool }) => isWithin(request, pool))
    ? undefined
    : labelled.find(({ pool }) => isWithin(request, pool));
  if (kept) return refused(refuseTaint(kept.pool, untolerated(kept.pool, rules!.tolerations)!));
  if (open.length === 0) return refused(refuseTaint(labelled[0]!.pool, untolerated(labelled[0]!.pool, rules!.tolerations)!));
  const { accelerator } = request;
  if (accelerator && !open.some(({ pool }) => (pool.accelerators[accelerator.type] ?? 0) >= accelerator.count))
    return refused(refuseAccelerator(accelerator, open));
  const large = open.filter(({ pool }) => isWithin(request, pool));
  if (large.length === 0) return refused(refuseSize(request, open));
  if (!rules) return { request, nodes: large };
  const liking = new Map(large.map((node) => [node, preference(node.pool, rules)]));
  return { request, nodes: large.toSorted((left, right) => liking.get(right)! - liking.get(left)!) };
}

const NO_CONSTRAINTS: NodeConstraints = { selector: {}, tolerations: [], required: [], preferred: [] };

function isWithin({ cpuMillis = 0, memoryBytes = 0, accelerator }: ResourceRequest, pool: NodeAccount['pool']): boolean {
  if (cpuMillis > pool.cpuMillis || memoryBytes > pool.memoryBytes) return false;
  return !accelerator || accelerator.count <= (pool.accelerators[accelerator.type] ?? 0);
}

/** `NVIDIA_TESLA_T4` and `gpu` are other words for a GPU where only GPUs are counted. */
function withKnownAccelerator(request: ResourceRequest, capacity: AdmissionCapacity): ResourceRequest {
  const { accelerator } = request;
  if (!accelerator || hasKind(capacity, accelerator.type) || !/^(NVIDIA_|gpu$)/i.test(accelerator.type)) return request;
  if (!hasKind(capacity, GPU)) return request;
  return { ...request, accelerator: { type: GPU, count: accelerator.count } };
}

function hasKind({ nodes }: AdmissionCapacity, type: string): boolean {
  return nodes.some(({ pool }) => (pool.accelerators[type] ?? 0) > 0);
}

/** Equal needs have equal keys. */
export function shapeKey({ request, byLimit, constraints }: Need): string {
  const { cpuMillis, cpuLimitMillis, memoryBytes, memoryLimitBytes, accelerator } = request;
  const numbers = [
    cpuMillis,
    cpuLimitMillis,
    memoryBytes,
    memoryLimitBytes,
    accelerator?.type,
    accelerator?.count,
    byLimit?.cpu,
    byLimit?.memory,
  ].join(' ');
  return constraints === undefined ? numbers : `${numbers} ${JSON.stringify(constraints)}`;
}
