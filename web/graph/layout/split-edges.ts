import type { Layering } from './find-layers.ts';
import type { LayoutEdge } from './layout-graph.ts';

/** More places for passing edges than this are not worth their time: such edges are drawn straight. */
const MAX_WAYPOINTS = 20_000;

/** A graph whose edges lead from each layer to the next: longer ones pass the layers between on waypoints. */
export interface ProperGraph {
  /** Real nodes first, waypoints behind them. */
  readonly count: number;
  readonly realCount: number;
  readonly layers: number[][];
  readonly layerOf: Int32Array;
  /** Neighbours in the layer before and in the layer after. */
  readonly before: readonly (readonly number[])[];
  readonly after: readonly (readonly number[])[];
  /** For each edge of the layering the nodes it passes, both ends included. */
  readonly chains: readonly (readonly number[])[];
}

export function splitEdges(realCount: number, { layerOf, edges }: Layering): ProperGraph {
  const waypoints = edges.reduce((sum, [from, to]) => sum + layerOf[to]! - layerOf[from]! - 1, 0);
  const isSplit = waypoints <= MAX_WAYPOINTS;
  const count = realCount + (isSplit ? waypoints : 0);
  const layerOfAll = new Int32Array(count);
  layerOfAll.set(layerOf);
  const before: number[][] = Array.from({ length: count }, () => []);
  const after: number[][] = Array.from({ length: count }, () => []);
  let next = realCount;
  const chainOf = ([from, to]: LayoutEdge): number[] => {
    const chain = [from];
    if (isSplit) {
      for (let layer = layerOf[from]! + 1; layer < layerOf[to]!; layer += 1) {
        layerOfAll[next] = layer;
        chain.push(next);
        next += 1;
      }
    }
    chain.push(to);
    return chain;
  };
  const chains = edges.map(chainOf);
  for (const chain of chains) {
    for (let index = 1; index < chain.length; index += 1) {
      const from = chain[index - 1]!;
      const to = chain[index]!;
      if (layerOfAll[to]! - layerOfAll[from]! !== 1) continue;
      after[from]!.push(to);
      before[to]!.push(from);
    }
  }
  return { count, realCount, layers: nodesByLayer(layerOfAll), layerOf: layerOfAll, before, after, chains };
}

function nodesByLayer(layerOf: Int32Array): number[][] {
  const layers: number[][] = [];
  layerOf.forEach((layer, node) => (layers[layer] ??= []).push(node));
  // Layers that the shortening of edges has emptied.
  return Array.from(layers, (layer) => layer ?? []);
}
