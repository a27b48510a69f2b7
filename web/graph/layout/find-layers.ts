import type { LayoutEdge } from './layout-graph.ts';

export interface Layering {
  readonly layerOf: Int32Array;
  /** The edges that were kept: each leads to a later layer. */
  readonly edges: readonly LayoutEdge[];
}

/**
 * Gives every node a layer so that edges lead to later layers and long edges are few: the longest way from a source, then nodes that
 * have more behind them than before them move towards what they feed. A cycle is cut where it is entered.
 */
export function findLayers(count: number, edges: readonly LayoutEdge[]): Layering {
  const after = neighbours(count, edges);
  const waitsFor = new Int32Array(count);
  for (const [from, to] of edges) if (from !== to) waitsFor[to]! += 1;
  const order = topologicalOrder(after, waitsFor);
  const rank = new Int32Array(count);
  order.forEach((node, index) => (rank[node] = index));
  const kept = edges.filter(([from, to]) => rank[from]! < rank[to]!);
  return { layerOf: shorten(order, kept, longestWays(count, order, kept)), edges: kept };
}

/** Neighbours in the direction of the edges, by node. */
export function neighbours(count: number, edges: readonly LayoutEdge[]): number[][] {
  const lists: number[][] = Array.from({ length: count }, () => []);
  for (const [from, to] of edges) if (from !== to) lists[from]!.push(to);
  return lists;
}

function topologicalOrder(after: readonly (readonly number[])[], waitsFor: Int32Array): number[] {
  const order: number[] = [];
  const isTaken = new Uint8Array(waitsFor.length);
  const take = (node: number): void => {
    isTaken[node] = 1;
    order.push(node);
  };
  waitsFor.forEach((waits, node) => waits === 0 && take(node));
  let next = 0;
  let candidate = 0;
  while (order.length < waitsFor.length) {
    if (next === order.length) {
      // Only cycles are left: the first node that is still waiting stops waiting.
      while (isTaken[candidate] === 1) candidate += 1;
      take(candidate);
    }
    for (const to of after[order[next]!]!) {
      waitsFor[to]! -= 1;
      if (waitsFor[to] === 0 && isTaken[to] === 0) take(to);
    }
    next += 1;
  }
  return order;
}

function longestWays(count: number, order: readonly number[], edges: readonly LayoutEdge[]): Int32Array {
  const after = neighbours(count, edges);
  const layerOf = new Int32Array(count);
  for (const node of order) {
    for (const to of after[node]!) layerOf[to] = Math.max(layerOf[to]!, layerOf[node]! + 1);
  }
  return layerOf;
}

function shorten(order: readonly number[], edges: readonly LayoutEdge[], layerOf: Int32Array): Int32Array {
  const after = neighbours(layerOf.length, edges);
  const before = new Int32Array(layerOf.length);
  for (const [, to] of edges) before[to]! += 1;
  for (let index = order.length - 1; index >= 0; index -= 1) {
    const node = order[index]!;
    const following = after[node]!;
    if (following.length <= before[node]! || following.length === 0) continue;
    layerOf[node] = Math.max(layerOf[node]!, following.reduce((least, to) => Math.min(least, layerOf[to]!), Infinity) - 1);
  }
  return layerOf;
}
