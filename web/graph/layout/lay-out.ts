import { bundleNodes, type BundledGraph, type BundleItem } from './bundle-nodes.ts';
import { findLayers } from './find-layers.ts';
import type { Box, Bundle, Direction, Layout, LayoutGraph, LayoutNode, Route } from './layout-graph.ts';
import { orderLayers } from './order-layers.ts';
import { placeNodes } from './place-nodes.ts';
import { splitEdges, type ProperGraph } from './split-edges.ts';

/** Distances in pixels at a zoom of 1. */
const GAP = { down: 28, right: 20 } as const;
const LAYER_GAP = { down: 52, right: 64 } as const;
const WAYPOINT = 8;
export const FRAME = { header: 40, padding: 20 } as const;
const BUNDLE = { gap: 12, padding: 12, ratio: { down: 2, right: 1.2 } } as const;

/**
 * Lays a graph out in layers, after Sugiyama: which layer, which order within it, where exactly. Unfolded groups are laid out first and
 * then stand in their scope as one large box, so nothing of them mixes with what is outside. Pure and of the same result every time.
 */
export function layOut(graph: LayoutGraph, direction: Direction): Layout {
  return layOutScope(graph, direction, { depth: 0, idPrefix: '' });
}

interface Item {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  /** What is drawn for it, relative to its left upper corner. */
  readonly boxes: readonly Box[];
  readonly bundles: readonly Bundle[];
  readonly routes: readonly Route[];
}

interface Place {
  readonly depth: number;
  readonly idPrefix: string;
}

function layOutScope(graph: LayoutGraph, direction: Direction, place: Place): Layout {
  const bundled = bundleNodes(graph);
  const items = bundled.items.map((members) => makeItem(graph.nodes, members, direction, place));
  const centres = placeItems(bundled, items, direction);
  return compose(items, centres, direction);
}

function makeItem(nodes: readonly LayoutNode[], members: BundleItem, direction: Direction, place: Place): Item {
  const node = nodes[members[0]!]!;
  if (members.length > 1)
    return makeBundle(
      members.map((member) => nodes[member]!),
      direction,
      place,
    );
  if (node.inner) return makeFrame(node, node.inner, direction, place);
  const box: Box = { id: node.id, x: 0, y: 0, width: node.width, height: node.height, depth: place.depth, isFrame: false };
  return { id: node.id, width: node.width, height: node.height, boxes: [box], bundles: [], routes: [] };
}

function makeBundle(nodes: readonly LayoutNode[], direction: Direction, { depth, idPrefix }: Place): Item {
  const { gap, padding, ratio } = BUNDLE;
  const cell = { width: nodes[0]!.width + gap, height: nodes[0]!.height + gap };
  const columns = Math.max(1, Math.round(Math.sqrt((nodes.length * ratio[direction] * cell.height) / cell.width)));
  const rows = Math.ceil(nodes.length / columns);
  const boxes = nodes.map(({ id, width, height }, index): Box => ({
    id,
    x: padding + (index % columns) * cell.width,
    y: padding + Math.floor(index / columns) * cell.height,
    width,
    height,
    depth,
    isFrame: false,
  }));
  const width = Math.min(columns, nodes.length) * cell.width - gap + 2 * padding;
  const height = rows * cell.height - gap + 2 * padding;
  const id = `${idPrefix}bundle:${nodes[0]!.id}`;
  return {
    id,
    width,
    height,
    boxes,
    bundles: [{ id, x: 0, y: 0, width, height, members: nodes.map((node) => node.id) }],
    routes: [],
  };
}

function makeFrame(node: LayoutNode, inner: LayoutGraph, direction: Direction, { depth }: Place): Item {
  const layout = layOutScope(inner, direction, { depth: depth + 1, idPrefix: `${node.id}#` });
  const width = Math.max(node.width, layout.width + 2 * FRAME.padding);
  const header = node.header ?? FRAME.header;
  const height = Math.max(node.height, layout.height + header + FRAME.padding);
  const moved = moveAll(layout, (width - layout.width) / 2, header);
  const frame: Box = { id: node.id, x: 0, y: 0, width, height, depth, isFrame: true };
  return { id: node.id, width, height, ...moved, boxes: [frame, ...moved.boxes] };
}

interface Centre {
  readonly x: number;
  readonly y: number;
}

interface Placed {
  readonly graph: ProperGraph;
  /** Of items and, behind them, of waypoints. */
  readonly centres: readonly Centre[];
  /** Where each layer begins and ends, in the direction of the edges. */
  readonly bands: readonly { readonly from: number; readonly to: number }[];
}

function placeItems({ edges }: BundledGraph, items: readonly Item[], direction: Direction): Placed {
  const graph = splitEdges(items.length, findLayers(items.length, edges));
  const order = orderLayers(graph);
  const isDown = direction === 'down';
  const breadthOf = (item: Item | undefined): number => (item === undefined ? WAYPOINT : isDown ? item.width : item.height);
  const thicknessOf = (item: Item | undefined): number => (item === undefined ? 0 : isDown ? item.height : item.width);
  const breadth = Float64Array.from({ length: graph.count }, (_, node) => breadthOf(items[node]));
  const across = placeNodes(graph, order, { breadth, gap: GAP[direction] });
  const bands: { from: number; to: number }[] = [];
  let from = 0;
  for (const layer of graph.layers) {
    const thickness = layer.reduce((most, node) => Math.max(most, thicknessOf(items[node])), 0);
    bands.push({ from, to: from + thickness });
    from += thickness + LAYER_GAP[direction];
  }
  const centres = Array.from(across, (place, node): Centre => {
    const band = bands[graph.layerOf[node]!]!;
    const along = (band.from + band.to) / 2;
    return isDown ? { x: place, y: along } : { x: along, y: place };
  });
  return { graph, centres, bands };
}

function compose(items: readonly Item[], { graph, centres, bands }: Placed, direction: Direction): Layout {
  const parts = items.map((item, index) =>
    moveAll(item, centres[index]!.x - item.width / 2, centres[index]!.y - item.height / 2),
  );
  const routes = graph.chains.map((chain) => routeAlong(chain, items, { centres, bands, layerOf: graph.layerOf, direction }));
  const all = {
    boxes: parts.flatMap((part) => part.boxes),
    bundles: parts.flatMap((part) => part.bundles),
    routes: [...parts.flatMap((part) => part.routes), ...routes],
  };
  const corner = { x: Infinity, y: Infinity, right: -Infinity, bottom: -Infinity };
  items.forEach((item, index) => {
    const { x, y } = centres[index]!;
    corner.x = Math.min(corner.x, x - item.width / 2);
    corner.y = Math.min(corner.y, y - item.height / 2);
    corner.right = Math.max(corner.right, x + item.width / 2);
    corner.bottom = Math.max(corner.bottom, y + item.height / 2);
  });
  if (items.length === 0) return { direction, width: 0, height: 0, boxes: [], bundles: [], routes: [] };
  return { direction, width: corner.right - corner.x, height: corner.bottom - corner.y, ...moveAll(all, -corner.x, -corner.y) };
}

interface Geometry extends Omit<Placed, 'graph'> {
  readonly layerOf: Int32Array;
  readonly direction: Direction;
}

function routeAlong(chain: readonly number[], items: readonly Item[], { centres, bands, layerOf, direction }: Geometry): Route {
  const isDown = direction === 'down';
  const points: number[] = [];
  const add = (node: number, along: number): void => {
    const { x, y } = centres[node]!;
    if (isDown) points.push(x, along);
    else points.push(along, y);
  };
  const last = chain.length - 1;
  chain.forEach((node, index) => {
    const item = items[node];
    const centre = isDown ? centres[node]!.y : centres[node]!.x;
    const half = item === undefined ? 0 : (isDown ? item.height : item.width) / 2;
    const band = bands[layerOf[node]!]!;
    // An edge runs straight past the layers on its way, and between an end that is thinner than its layer and the layer's rim.
    if (index > 0) add(node, index === last ? centre - half : band.from);
    if (index < last) add(node, index === 0 ? centre + half : band.to);
  });
  return { from: items[chain[0]!]!.id, to: items[chain[last]!]!.id, points };
}

function moveAll<T extends Pick<Layout, 'boxes' | 'bundles' | 'routes'>>(
  part: T,
  dx: number,
  dy: number,
): Pick<Layout, 'boxes' | 'bundles' | 'routes'> {
  return {
    boxes: part.boxes.map((box) => ({ ...box, x: box.x + dx, y: box.y + dy })),
    bundles: part.bundles.map((bundle) => ({ ...bundle, x: bundle.x + dx, y: bundle.y + dy })),
    routes: part.routes.map((route) => ({
      ...route,
      points: route.points.map((value, index) => value + (index % 2 === 0 ? dx : dy)),
    })),
  };
}
