/** What is told of steps that wait, and of steps that can never run here. */
import { nearestName } from '../base/nearest-name.ts';
import type { NodePool, ResourceRequest, Taint } from '../executors/executor.ts';
import type { NodeConstraints } from './admission-matching.ts';
import type { NodeAccount } from './admission-node.ts';

/** Follows the word "this step". */
export interface Refusal {
  readonly message: string;
  readonly hint: string;
}

/** What the step waits for, on the node that has most of it: "waits for 4 CPU: 1 of 8 free". */
export function waitWords(
  { cpuMillis = 0, memoryBytes = 0, accelerator }: ResourceRequest,
  nodes: readonly NodeAccount[],
): string {
  if (accelerator && nodes.every((node) => node.freeAccelerators(accelerator.type) < accelerator.count)) {
    const { type, count } = accelerator;
    const node = mostOf(nodes, (candidate) => candidate.freeAccelerators(type));
    const free = Math.max(0, node.freeAccelerators(type));
    return `waits for ${count} ${type}: ${free} of ${node.pool.accelerators[type] ?? 0} free${on(node)}`;
  }
  if (cpuMillis > 0 && nodes.every((node) => node.freeCpuMillis() < cpuMillis)) {
    const node = mostOf(nodes, (candidate) => candidate.freeCpuMillis());
    const free = cpuText(Math.max(0, node.freeCpuMillis()));
    return `waits for ${cpuText(cpuMillis)} CPU: ${free} of ${cpuText(node.pool.cpuMillis)} free${on(node)}`;
  }
  if (memoryBytes > 0 && nodes.every((node) => node.freeMemoryBytes() < memoryBytes)) {
    const node = mostOf(nodes, (candidate) => candidate.freeMemoryBytes());
    const free = memoryText(Math.max(0, node.freeMemoryBytes()));
    return `waits for ${memoryText(memoryBytes)} of memory: ${free} of ${memoryText(node.pool.memoryBytes)} free${on(node)}`;
  }
  // Each is free somewhere, but not all of it in one place.
  return `waits for ${requestText({ cpuMillis, memoryBytes, ...(accelerator && { accelerator }) })} together on one node`;
}

export function slotWords(slots: number): string {
  return `waits for a free slot: ${slots} ${slots === 1 ? 'step runs' : 'steps run'} at once`;
}

/** Follows the word "this step". */
export function limitWords(what: string, asked: string, there: string): string {
  return `has a ${what} limit of ${asked}, which is more than the ${there} of this machine; it runs when all of it is free`;
}

export const TURN_WORDS = 'waits for its turn: what is free is kept for a step that has waited longer or has a higher priority';

export function refuseSize({ cpuMillis = 0, memoryBytes = 0 }: ResourceRequest, nodes: readonly NodeAccount[]): Refusal {
  const cpu = mostOf(nodes, ({ pool }) => pool.cpuMillis);
  if (cpuMillis > cpu.pool.cpuMillis) {
    return {
      message: `asks for ${cpuText(cpuMillis)} CPU, and ${where(cpu)} has ${cpuText(cpu.pool.cpuMillis)}`,
      hint: lower('CPU', `cpu=${cpuText(cpuMillis)}`, cpu),
    };
  }
  const memory = mostOf(nodes, ({ pool }) => pool.memoryBytes);
  if (memoryBytes > memory.pool.memoryBytes) {
    const [asked, there] = [memoryBytes, memory.pool.memoryBytes].map(memoryText);
    // Where the difference is lost in rounding, the exact numbers tell it.
    const texts = asked === there ? [`${memoryBytes} bytes`, `${memory.pool.memoryBytes} bytes`] : [asked, there];
    return {
      message: `asks for ${texts[0]} of memory, and ${where(memory)} has ${texts[1]}`,
      hint: lower('memory', `memory=${Math.ceil(memoryBytes / MIB)}Mi`, memory),
    };
  }
  return {
    message: `asks for ${requestText({ cpuMillis, memoryBytes })}, and no node pool it may use has all of it`,
    hint: 'lower its requests or make one of the node pools larger',
  };
}

export function refuseAccelerator(
  { type, count }: NonNullable<ResourceRequest['accelerator']>,
  nodes: readonly NodeAccount[],
): Refusal {
  const node = mostOf(nodes, ({ pool }) => pool.accelerators[type] ?? 0);
  const kinds = new Set(nodes.flatMap(({ pool }) => Object.keys(pool.accelerators)));
  const others = kinds.size === 0 || kinds.has(type) ? '' : ` (there is ${[...kinds].join(', ')})`;
  return {
    message: `asks for ${count} ${type}, and ${where(node)} has ${node.pool.accelerators[type] ?? 0}${others}`,
    hint: lower('accelerator', `${type}=${count}`, node),
  };
}

export function refuseLabels(
  { selector, required }: Pick<NodeConstraints, 'selector' | 'required'>,
  nodes: readonly NodeAccount[],
): Refusal {
  const pools = nodes.map(({ pool }) => pool);
  const wanted = Object.entries(selector);
  const missing = wanted.filter(([key, value]) => !pools.some(({ labels }) => labels[key] === value));
  const asked =
    wanted.length === 0 ? 'what its node affinity requires' : wanted.map(([key, value]) => `${key}=${value}`).join(', ');
  const more = wanted.length > 0 && required.length > 0 ? ' and what its node affinity requires' : '';
  const near =
    missing.length === 0 ? allLabels(pools) : missing.map(([key, value]) => nearestLabel(key, value, pools)).join('; ');
  return {
    message: `asks for a node with ${asked}${more}, and no node pool has that`,
    hint: `${near}; change the step's selector or the labels in the file of --node-pools`,
  };
}

export function refuseTaint(pool: NodePool, taint: Taint): Refusal {
  return {
    message: `does not tolerate the taint ${taintText(taint)} of node pool ${pool.name}, which it would need`,
    hint: `add a toleration for ${taint.key} to the step, or take the taint from the pool`,
  };
}

/** As kubectl writes it: `key=value:Effect`. */
export function taintText({ key, value, effect }: Taint): string {
  return `${key}${value === '' ? '' : `=${value}`}:${effect}`;
}

/** The same key with other values; else the label with the nearest name; else all there are. */
function nearestLabel(key: string, value: string, pools: readonly NodePool[]): string {
  const sameKey = pools.filter(({ labels }) => labels[key] !== undefined);
  if (sameKey.length > 0) {
    const near = nearestName(
      value,
      sameKey.map(({ labels }) => labels[key]!),
    );
    const listed = near === undefined ? sameKey : sameKey.filter(({ labels }) => labels[key] === near);
    return `nearest to ${key}=${value}: ${listed.map((pool) => `${key}=${pool.labels[key]} of pool ${pool.name}`).join(', ')}`;
  }
  const near = nearestName(
    key,
    pools.flatMap(({ labels }) => Object.keys(labels)),
  );
  const pool = near === undefined ? undefined : pools.find(({ labels }) => labels[near] !== undefined);
  return pool ? `nearest to ${key}=${value}: ${near}=${pool.labels[near!]} of pool ${pool.name}` : allLabels(pools);
}

const MAX_LABELS_TOLD = 12;

function allLabels(pools: readonly NodePool[]): string {
  const labels = pools.flatMap((pool) =>
    Object.entries(pool.labels).map(([key, value]) => `${key}=${value} of pool ${pool.name}`),
  );
  if (labels.length === 0) return 'the node pools have no labels';
  return `there are: ${labels.slice(0, MAX_LABELS_TOLD).join(', ')}${labels.length > MAX_LABELS_TOLD ? ' …' : ''}`;
}

function lower(what: string, capacity: string, { pool }: NodeAccount): string {
  const raise = pool.name === '' ? `let steps count on more with --capacity ${capacity}` : 'make a node pool larger';
  return `lower its ${what} request, run it on a larger machine, or ${raise}`;
}

function where({ pool }: NodeAccount): string {
  return pool.name === '' ? 'the machine' : `node pool ${pool.name}, the largest it may use,`;
}

function on({ pool }: NodeAccount): string {
  return pool.name === '' ? '' : ` on ${pool.name}`;
}

function mostOf(nodes: readonly NodeAccount[], amount: (node: NodeAccount) => number): NodeAccount {
  return nodes.reduce((best, node) => (amount(node) > amount(best) ? node : best));
}

export function requestText({ cpuMillis = 0, memoryBytes = 0, accelerator }: ResourceRequest): string {
  const parts = [
    ...(cpuMillis > 0 ? [`${cpuText(cpuMillis)} CPU`] : []),
    ...(memoryBytes > 0 ? [memoryText(memoryBytes)] : []),
    ...(accelerator ? [`${accelerator.count} ${accelerator.type}`] : []),
  ];
  return parts.join(', ');
}

export function cpuText(cpuMillis: number): string {
  return String(cpuMillis / 1000);
}

const MIB = 2 ** 20;

/** Two digits after the point at most: "16 GiB", "3.25 GiB", "512 MiB", "100 bytes". */
export function memoryText(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)));
  return `${Math.round((bytes / 1024 ** power) * 100) / 100} ${units[power]}`;
}
