import type { ProperGraph } from './split-edges.ts';

/** How many times as broad as its broadest layer a graph may become for the sake of straight edges. */
const MAX_SPREAD = 3;

/**
 * Where nodes lie within their layers: centres, so that long edges run straight and nodes stand over the middle of their
 * neighbours, never closer than their sizes and the gap allow. After Brandes and Köpf, Fast and Simple Horizontal Coordinate
 * Assignment (2001), with the compaction done on the graph of blocks.
 *
 * `breadth`: the size of each node along its layer; waypoints have one too.
 */
export function placeNodes(
  graph: ProperGraph,
  order: readonly (readonly number[])[],
  { breadth, gap }: { readonly breadth: Float64Array; readonly gap: number },
): Float64Array {
  const position = new Int32Array(graph.count);
  for (const layer of order) layer.forEach((node, index) => (position[node] = index));
  const conflicts = findConflicts(graph, order, position);
  const distance = (one: number, other: number): number =>
    (breadth[one]! + breadth[other]!) / 2 + (one >= graph.realCount && other >= graph.realCount ? gap / 2 : gap);
  const candidates = [false, true].flatMap((isUp) =>
    [false, true].map((isRight) => {
      const rows = isUp ? order.toReversed() : order;
      const turned = isRight ? rows.map((row) => row.toReversed()) : rows;
      const blocks = alignBlocks(graph, turned, conflicts, { isUp, position, isRight });
      const places = compact(turned, blocks, distance);
      return isRight ? places.map((place) => -place) : places;
    }),
  );
  const balanced = balance(candidates, breadth);
  const packed = pack(graph, order, distance);
  // Where edges cross everywhere, straightness is out of reach and the search for it only spreads the nodes out.
  return width(extentOf(balanced, breadth)) > MAX_SPREAD * width(extentOf(packed, breadth)) ? packed : balanced;
}

/** Each layer as narrow as it can be, centred. */
function pack(
  graph: ProperGraph,
  order: readonly (readonly number[])[],
  distance: (one: number, other: number) => number,
): Float64Array {
  const places = new Float64Array(graph.count);
  for (const layer of order) {
    layer.forEach((node, at) => at > 0 && (places[node] = places[layer[at - 1]!]! + distance(layer[at - 1]!, node)));
    const half = layer.length === 0 ? 0 : places[layer.at(-1)!]! / 2;
    for (const node of layer) places[node]! -= half;
  }
  return places;
}

/** Segments that would bend a long edge's straight middle part: they give way. */
function findConflicts(graph: ProperGraph, order: readonly (readonly number[])[], position: Int32Array): Set<number> {
  const conflicts = new Set<number>();
  const innerAbove = (node: number): number | undefined =>
    node < graph.realCount ? undefined : graph.before[node]!.find((above) => above >= graph.realCount);
  for (let index = 1; index < order.length; index += 1) {
    const layer = order[index]!;
    let from = 0;
    let leftmost = 0;
    layer.forEach((node, at) => {
      const above = innerAbove(node);
      if (above === undefined && at < layer.length - 1) return;
      const rightmost = above === undefined ? order[index - 1]!.length - 1 : position[above]!;
      for (; from <= at; from += 1) {
        const lower = layer[from]!;
        for (const upper of graph.before[lower]!) {
          const isInner = upper >= graph.realCount && lower >= graph.realCount;
          if (!isInner && (position[upper]! < leftmost || position[upper]! > rightmost)) conflicts.add(pair(graph, upper, lower));
        }
      }
      leftmost = rightmost;
    });
  }
  return conflicts;
}

const pair = (graph: ProperGraph, upper: number, lower: number): number => upper * graph.count + lower;

/** Columns of nodes that get one place: each node joins the middle one of its neighbours in the layer before. */
function alignBlocks(
  graph: ProperGraph,
  rows: readonly (readonly number[])[],
  conflicts: ReadonlySet<number>,
  { isUp, position, isRight }: { readonly isUp: boolean; readonly position: Int32Array; readonly isRight: boolean },
): Int32Array {
  const root = Int32Array.from({ length: graph.count }, (_, node) => node);
  const isJoined = new Uint8Array(graph.count);
  const sign = isRight ? -1 : 1;
  for (const row of rows.slice(1)) {
    let last = -Infinity;
    for (const node of row) {
      const fixed = [...(isUp ? graph.after : graph.before)[node]!].sort(
        (one, other) => sign * (position[one]! - position[other]!),
      );
      for (const at of fixed.length === 0 ? [] : [Math.floor((fixed.length - 1) / 2), Math.ceil((fixed.length - 1) / 2)]) {
        const other = fixed[at]!;
        const place = sign * position[other]!;
        const isInConflict = conflicts.has(isUp ? pair(graph, node, other) : pair(graph, other, node));
        if (isJoined[node] === 1 || isInConflict || place <= last) continue;
        root[node] = root[other]!;
        isJoined[node] = 1;
        last = place;
      }
    }
  }
  return root;
}

/** Blocks as far left as they go, then each as far right as its neighbours let it without making the whole wider. */
function compact(
  rows: readonly (readonly number[])[],
  root: Int32Array,
  distance: (one: number, other: number) => number,
): Float64Array {
  const count = root.length;
  const rightOf: [number, number][][] = Array.from({ length: count }, () => []);
  const waitsFor = new Int32Array(count);
  for (const row of rows) {
    for (let at = 1; at < row.length; at += 1) {
      const left = root[row[at - 1]!]!;
      const right = root[row[at]!]!;
      rightOf[left]!.push([right, distance(row[at - 1]!, row[at]!)]);
      waitsFor[right]! += 1;
    }
  }
  const queue = [...root.keys()].filter((node) => root[node] === node && waitsFor[node] === 0);
  const place = new Float64Array(count);
  for (let at = 0; at < queue.length; at += 1) {
    const block = queue[at]!;
    for (const [right, least] of rightOf[block]!) {
      place[right] = Math.max(place[right]!, place[block]! + least);
      waitsFor[right]! -= 1;
      if (waitsFor[right] === 0) queue.push(right);
    }
  }
  for (const block of queue.toReversed()) {
    let most = Infinity;
    for (const [right, least] of rightOf[block]!) most = Math.min(most, place[right]! - least);
    if (most !== Infinity && most > place[block]!) place[block] = most;
  }
  return place.map((_, node) => place[root[node]!]!);
}

/** The four candidates moved over the narrowest, and of each node's four places the mean of the middle two. */
function balance(candidates: readonly Float64Array[], breadth: Float64Array): Float64Array {
  const extents = candidates.map((places) => extentOf(places, breadth));
  const narrowest = extents.reduce((least, extent) => (extent.to - extent.from < least.to - least.from ? extent : least), {
    from: 0,
    to: Infinity,
  });
  const shifted = candidates.map((places, index) => {
    // Those compacted to the left are aligned at the left, the mirrored ones at the right.
    const shift = index % 2 === 0 ? narrowest.from - extents[index]!.from : narrowest.to - extents[index]!.to;
    return places.map((place) => place + shift);
  });
  return shifted[0]!.map((_, node) => {
    const four = shifted.map((places) => places[node]!).sort((one, other) => one - other);
    return (four[1]! + four[2]!) / 2;
  });
}

const width = ({ from, to }: Extent): number => to - from;

interface Extent {
  readonly from: number;
  readonly to: number;
}

function extentOf(places: Float64Array, breadth: Float64Array): Extent {
  let from = Infinity;
  let to = -Infinity;
  places.forEach((place, node) => {
    from = Math.min(from, place - breadth[node]! / 2);
    to = Math.max(to, place + breadth[node]! / 2);
  });
  return places.length === 0 ? { from: 0, to: 0 } : { from, to };
}
