import { useEffect, useMemo, useState } from 'react';
import type { LayoutRequest } from './layout-worker.ts';
import { layOut } from './layout/lay-out.ts';
import type { Direction, Layout, LayoutGraph } from './layout/layout-graph.ts';

/** Graphs up to this size are laid out at once, in a few milliseconds, so that nothing flickers; larger ones in a worker. */
const MAX_AT_ONCE = 400;

/** The layout of a graph; undefined until the worker has found it. While a new one is looked for the last one stays. */
export function useLayout(graph: LayoutGraph, direction: Direction): Layout | undefined {
  const isSmall = useMemo(() => countNodes(graph) <= MAX_AT_ONCE, [graph]);
  const atOnce = useMemo(() => (isSmall ? layOut(graph, direction) : undefined), [graph, direction, isSmall]);
  const [found, setFound] = useState<Layout>();
  useEffect(() => {
    if (isSmall) return;
    return layOutBeside({ graph, direction }, setFound);
  }, [graph, direction, isSmall]);
  return atOnce ?? found;
}

function countNodes(graph: LayoutGraph): number {
  return graph.nodes.reduce((sum, { inner }) => sum + 1 + (inner ? countNodes(inner) : 0), 0);
}

let worker: Worker | undefined;
let nextId = 1;

/** Starts it if it is not there yet: pages of runs do that while they wait for the graph. */
export function layoutWorker(): Worker {
  worker ??= new Worker(new URL('./layout-worker.ts', import.meta.url), { type: 'module' });
  return worker;
}

/** Tells the layout once; the returned function gives up waiting for it. */
function layOutBeside(request: Omit<LayoutRequest, 'id'>, tell: (layout: Layout) => void): () => void {
  const current = layoutWorker();
  const id = nextId++;
  const listen = ({ data }: MessageEvent<{ readonly id: number; readonly layout: Layout }>) => {
    if (data.id === id) tell(data.layout);
  };
  current.addEventListener('message', listen);
  current.postMessage({ id, ...request } satisfies LayoutRequest);
  return () => current.removeEventListener('message', listen);
}
