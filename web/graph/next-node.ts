import type { Direction, Rectangle } from './layout/layout-graph.ts';
import type { ViewNode } from './graph-view.ts';

export type Arrow = 'ArrowUp' | 'ArrowDown' | 'ArrowLeft' | 'ArrowRight';

/**
 * Where an arrow key leads from a node: along an edge in the direction of the graph or against it, to the neighbour in the same layer
 * across it. Of several nodes at the ends of edges the one nearest to the middle is taken. Undefined: nothing lies that way.
 */
export function nextNode(
  from: ViewNode,
  arrow: Arrow,
  { places, direction }: { readonly places: ReadonlyMap<string, Rectangle>; readonly direction: Direction },
): string | undefined {
  const [back, forth] = direction === 'down' ? (['ArrowUp', 'ArrowDown'] as const) : (['ArrowLeft', 'ArrowRight'] as const);
  if (arrow === forth) return nearest(from.id, from.after, places, direction);
  if (arrow === back) return nearest(from.id, from.before, places, direction);
  return besides(from.id, places, { direction, isForward: arrow === 'ArrowDown' || arrow === 'ArrowRight' });
}

function nearest(
  id: string,
  ids: readonly string[],
  places: ReadonlyMap<string, Rectangle>,
  direction: Direction,
): string | undefined {
  const here = across(places.get(id)!, direction);
  const distance = (other: string): number => Math.abs(across(places.get(other)!, direction) - here);
  return ids.filter((other) => places.has(other)).sort((one, other) => distance(one) - distance(other))[0];
}

function besides(
  id: string,
  places: ReadonlyMap<string, Rectangle>,
  { direction, isForward }: { readonly direction: Direction; readonly isForward: boolean },
): string | undefined {
  const own = places.get(id)!;
  let best: { id: string; distance: number } | undefined;
  for (const [other, place] of places) {
    const distance = (across(place, direction) - across(own, direction)) * (isForward ? 1 : -1);
    const isInLayer =
      Math.abs(along(place, direction) - along(own, direction)) < (direction === 'down' ? own.height : own.width) / 2;
    if (other !== id && distance > 0 && isInLayer && distance < (best?.distance ?? Infinity)) best = { id: other, distance };
  }
  return best?.id;
}

const across = (place: Rectangle, direction: Direction): number =>
  direction === 'down' ? place.x + place.width / 2 : place.y + place.height / 2;
const along = (place: Rectangle, direction: Direction): number =>
  direction === 'down' ? place.y + place.height / 2 : place.x + place.width / 2;
