import { layOut } from './layout/lay-out.ts';
import type { Direction, LayoutGraph } from './layout/layout-graph.ts';
import { fit, type Size } from './view-box.ts';

/** Larger graphs are not laid out twice to find out: they run as the screen does. */
const MAX_TRIED = 200;

/** The direction in which the graph is larger when all of it is shown. A screen that is higher than wide is read downwards. */
export function preferredDirection(graph: LayoutGraph, screen: Size): Direction {
  if (screen.width < screen.height) return 'down';
  if (graph.nodes.length > MAX_TRIED || graph.nodes.some(({ inner }) => inner !== undefined)) return 'right';
  return fit(layOut(graph, 'right'), screen).zoom >= fit(layOut(graph, 'down'), screen).zoom ? 'right' : 'down';
}
