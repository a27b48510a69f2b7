import type { LayoutEdge, LayoutGraph, LayoutNode } from './layout-graph.ts';
import { neighbours } from './find-layers.ts';

/** From this many nodes with the same neighbours on, they are set as a block instead of in a row. */
export const LEAST_BUNDLE = 7;

/** A graph in which nodes with the same neighbours have become one. */
export interface BundledGraph {
  readonly items: readonly BundleItem[];
  /** Pairs of positions in `items`. */
  readonly edges: readonly LayoutEdge[];
}

/** The positions in the graph's nodes that an item stands for: one, or a bundle's many. */
export type BundleItem = readonly number[];

/** Finds nodes that nothing tells apart in the graph: the same size, the same nodes before them and the same behind them. */
export function bundleNodes(graph: LayoutGraph): BundledGraph {
  const groups = Map.groupBy(graph.nodes.keys(), keyOfEach(graph));
  const items: BundleItem[] = [];
  const itemOf = new Int32Array(graph.nodes.length);
  for (const members of groups.values()) {
    const parts = members.length >= LEAST_BUNDLE ? [members] : members.map((member) => [member]);
    items.push(...parts);
  }
  items.sort((one, other) => one[0]! - other[0]!);
  items.forEach((members, index) => members.forEach((member) => (itemOf[member] = index)));
  const seen = new Set<number>();
  const edges: LayoutEdge[] = [];
  for (const [from, to] of graph.edges) {
    const key = itemOf[from]! * items.length + itemOf[to]!;
    if (seen.has(key) || itemOf[from] === itemOf[to]) continue;
    seen.add(key);
    edges.push([itemOf[from]!, itemOf[to]!]);
  }
  return { items, edges };
}

function keyOfEach({ nodes, edges }: LayoutGraph): (node: number) => string | number {
  const after = neighbours(nodes.length, edges);
  const before = neighbours(
    nodes.length,
    edges.map(([from, to]) => [to, from] as const),
  );
  const size = (node: LayoutNode): string => `${node.width}×${node.height}`;
  return (node) =>
    nodes[node]!.inner === undefined
      ? `${before[node]!.sort(ascending).join()}>${after[node]!.sort(ascending).join()}|${size(nodes[node]!)}`
      : node;
}

const ascending = (one: number, other: number): number => one - other;
