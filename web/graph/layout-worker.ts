/// <reference lib="webworker" />
import { layOut } from './layout/lay-out.ts';
import type { Direction, LayoutGraph } from './layout/layout-graph.ts';

/** Lays graphs out beside the page. A message is answered by one with the same `id`. */
export interface LayoutRequest {
  readonly id: number;
  readonly graph: LayoutGraph;
  readonly direction: Direction;
}

addEventListener('message', ({ data }: MessageEvent<LayoutRequest>) => {
  postMessage({ id: data.id, layout: layOut(data.graph, data.direction) });
});
