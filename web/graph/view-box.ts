import type { Rectangle } from './layout/layout-graph.ts';

/** How the graph lies on the screen: screen = graph × zoom + offset. */
export interface ViewBox {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export const ZOOM = { least: 0.02, most: 2, step: 1.25 } as const;
const MARGIN = 32;
/** Search and buttons float there. */
const TOP_MARGIN = 60;
/** From this zoom on names can be read, and nodes are elements of the page. */
export const READABLE_ZOOM = 0.42;
/** A graph that does not fit at this zoom begins at its start instead of showing all of itself as specks. */
const LEAST_FIRST_ZOOM = 0.55;

const clamp = (zoom: number): number => Math.min(ZOOM.most, Math.max(ZOOM.least, zoom));

/** The whole graph, in the middle, not larger than drawn. */
export function fit(graph: Size, screen: Size): ViewBox {
  const zoom = clamp(
    Math.min(
      1,
      (screen.width - 2 * MARGIN) / Math.max(1, graph.width),
      (screen.height - TOP_MARGIN - MARGIN) / Math.max(1, graph.height),
    ),
  );
  return {
    zoom,
    x: (screen.width - graph.width * zoom) / 2,
    y: TOP_MARGIN + (screen.height - TOP_MARGIN - MARGIN - graph.height * zoom) / 2,
  };
}

/** What is shown first: all of the graph if it is readable then, or its beginning. Thousands of nodes are shown as a whole. */
export function firstView(graph: Size, screen: Size, nodeCount: number): ViewBox {
  const all = fit(graph, screen);
  if (all.zoom >= LEAST_FIRST_ZOOM || nodeCount > 300) return all;
  const zoom = LEAST_FIRST_ZOOM;
  const start = (length: number, available: number, margin: number): number => Math.max(margin, (available - length * zoom) / 2);
  return { zoom, x: start(graph.width, screen.width, MARGIN), y: start(graph.height, screen.height, TOP_MARGIN) };
}

/** What is shown after a group was unfolded or folded: all of the graph if it can be read then, else the group, as far as it fits. */
export function afterToggle(
  graph: Size,
  screen: Size,
  { place, view }: { readonly place: Rectangle; readonly view: ViewBox },
): ViewBox {
  const all = fit(graph, screen);
  if (all.zoom > READABLE_ZOOM) return all;
  return reveal(view, place, screen);
}

/** Zooms so that the point of the screen stays where it is. */
export function zoomAt(view: ViewBox, factor: number, at: { readonly x: number; readonly y: number }): ViewBox {
  const zoom = clamp(view.zoom * factor);
  const scale = zoom / view.zoom;
  return { zoom, x: at.x - (at.x - view.x) * scale, y: at.y - (at.y - view.y) * scale };
}

/** Moves as little as is needed for the place to be seen, at a zoom at which it can be read. */
export function reveal(view: ViewBox, place: Rectangle, screen: Size): ViewBox {
  const zoom = Math.max(view.zoom, Math.min(1, READABLE_ZOOM + 0.2));
  if (zoom !== view.zoom) return centre(place, zoom, screen);
  const shift = (from: number, length: number, available: number): number => {
    if (length > available - 2 * MARGIN) return MARGIN - from;
    return Math.max(0, MARGIN - from) + Math.min(0, available - MARGIN - from - length);
  };
  const left = place.x * zoom + view.x;
  const top = place.y * zoom + view.y;
  return {
    zoom,
    x: view.x + shift(left, place.width * zoom, screen.width),
    y: view.y + shift(top, place.height * zoom, screen.height),
  };
}

function centre(place: Rectangle, zoom: number, screen: Size): ViewBox {
  return {
    zoom,
    x: screen.width / 2 - (place.x + place.width / 2) * zoom,
    y: screen.height / 2 - (place.y + place.height / 2) * zoom,
  };
}

/** The part of the graph that is seen, with `margin` pixels of the screen around it. */
export function visiblePart(view: ViewBox, screen: Size, margin = 0): Rectangle {
  return {
    x: (-view.x - margin) / view.zoom,
    y: (-view.y - margin) / view.zoom,
    width: (screen.width + 2 * margin) / view.zoom,
    height: (screen.height + 2 * margin) / view.zoom,
  };
}

export const intersects = (one: Rectangle, other: Rectangle): boolean =>
  one.x < other.x + other.width && other.x < one.x + one.width && one.y < other.y + other.height && other.y < one.y + one.height;
