import type { ProperGraph } from './split-edges.ts';

const SWEEPS_OF_SMALL = 24;
const SWEEPS_OF_LARGE = 8;
const SMALL = 1_500;
/** Sweeps without fewer crossings before it is left as it is. */
const PATIENCE = 4;

/**
 * Orders the nodes within their layers so that few edges cross: sweeps by barycentres, down and up in turn, the best order seen is
 * kept; in small graphs neighbours are then swapped where that helps. The order given is a tie's answer, so equal graphs look equal.
 */
export function orderLayers(graph: ProperGraph): number[][] {
  let order = graph.layers.map((layer) => [...layer]);
  const isSmall = graph.count <= SMALL;
  const position = new Int32Array(graph.count);
  for (const layer of order) number(layer, position);
  let best = { order, crossings: countCrossings(graph, order, position) };
  let patience = PATIENCE;
  for (let sweep = 0; sweep < (isSmall ? SWEEPS_OF_SMALL : SWEEPS_OF_LARGE) && patience > 0 && best.crossings > 0; sweep += 1) {
    order = sweepOnce(graph, order, position, { isDown: sweep % 2 === 0 });
    if (isSmall) for (const layer of order.keys()) swapNeighbours(graph, order, position, layer);
    const crossings = countCrossings(graph, order, position);
    patience -= 1;
    if (crossings < best.crossings) {
      best = { order: order.map((layer) => [...layer]), crossings };
      patience = PATIENCE;
    }
  }
  return best.order;
}

function number(layer: readonly number[], position: Int32Array): void {
  layer.forEach((node, index) => (position[node] = index));
}

function sweepOnce(
  graph: ProperGraph,
  order: readonly (readonly number[])[],
  position: Int32Array,
  { isDown }: { readonly isDown: boolean },
): number[][] {
  const sorted = order.map((layer) => [...layer]);
  const fixed = isDown ? graph.before : graph.after;
  const weight = new Float64Array(graph.count);
  for (let step = 1; step < sorted.length; step += 1) {
    const layer = sorted[isDown ? step : sorted.length - 1 - step]!;
    for (const node of layer) weight[node] = barycentre(fixed[node]!, position) ?? position[node]!;
    layer.sort((one, other) => weight[one]! - weight[other]! || position[one]! - position[other]!);
    number(layer, position);
  }
  return sorted;
}

function barycentre(nodes: readonly number[], position: Int32Array): number | undefined {
  if (nodes.length === 0) return undefined;
  let sum = 0;
  for (const node of nodes) sum += position[node]!;
  return sum / nodes.length;
}

function swapNeighbours(graph: ProperGraph, order: readonly number[][], position: Int32Array, index: number): void {
  const layer = order[index]!;
  for (let at = 0; at + 1 < layer.length; at += 1) {
    const left = layer[at]!;
    const right = layer[at + 1]!;
    const saved =
      crossingsOfPair(graph.before[left]!, graph.before[right]!, position) +
      crossingsOfPair(graph.after[left]!, graph.after[right]!, position);
    if (saved <= 0) continue;
    layer[at] = right;
    layer[at + 1] = left;
    position[right] = at;
    position[left] = at + 1;
  }
}

/** Crossings with `left` first, less those with `right` first. */
function crossingsOfPair(left: readonly number[], right: readonly number[], position: Int32Array): number {
  let difference = 0;
  for (const one of left) {
    for (const other of right) difference += Math.sign(position[one]! - position[other]!);
  }
  return difference;
}

/** Crossing pairs of edges, layer by layer, counted with a tree of sums: O(edges × log width). */
export function countCrossings(graph: ProperGraph, order: readonly (readonly number[])[], position: Int32Array): number {
  let crossings = 0;
  for (let index = 0; index + 1 < order.length; index += 1) {
    const width = order[index + 1]!.length;
    const sums = new Int32Array(width + 1);
    let total = 0;
    for (const node of order[index]!) {
      const ends = graph.after[node]!;
      // Edges of one node do not cross each other: first all are counted, then all are entered.
      for (const end of ends) crossings += total - sumUpTo(sums, position[end]!);
      for (const end of ends) enter(sums, position[end]!);
      total += ends.length;
    }
  }
  return crossings;
}

function sumUpTo(sums: Int32Array, position: number): number {
  let sum = 0;
  for (let at = position + 1; at > 0; at -= at & -at) sum += sums[at]!;
  return sum;
}

function enter(sums: Int32Array, position: number): void {
  for (let at = position + 1; at < sums.length; at += at & -at) sums[at]! += 1;
}
