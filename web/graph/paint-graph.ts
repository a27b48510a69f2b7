import type { GraphColors } from './graph-colors.ts';
import type { Box, Direction, Layout, Rectangle, Route } from './layout/layout-graph.ts';
import { intersects, type ViewBox } from './view-box.ts';

export interface PaintOptions {
  readonly layout: Layout;
  readonly view: ViewBox;
  readonly colors: GraphColors;
  /** Of the graph: only what lies in it is drawn. */
  readonly part: Rectangle;
  /** Nodes are drawn too: at zooms at which they are no elements of the page. */
  readonly hasNodes: boolean;
  /** Routes that touch one of these ids are drawn in the accent colour. */
  readonly lit: ReadonlySet<string>;
  readonly stateOf: (id: string) => string | undefined;
}

/** A path that is stroked at once may have this many edges; with more, filling it takes longer than many small ones do. */
const EDGES_PER_STROKE = 400;
const ARROW = 5;
/** Under this zoom a curve is a pixel off a line. */
const CURVE_ZOOM = 0.2;

/** Draws edges, frames and blocks, and from afar the nodes. The context is set so that 0, 0 is the corner of what is shown. */
export function paintGraph(context: CanvasRenderingContext2D, options: PaintOptions): void {
  const { layout, view, colors, part, hasNodes, lit } = options;
  context.save();
  context.translate(view.x, view.y);
  context.scale(view.zoom, view.zoom);
  for (const box of layout.boxes) if (box.isFrame && intersects(box, part)) paintFrame(context, box, view.zoom, colors);
  for (const bundle of layout.bundles) if (intersects(bundle, part)) paintFrame(context, bundle, view.zoom, colors);
  const routes = layout.routes.filter((route) => intersects(extentOf(route), part));
  const isLit = (route: Route): boolean => lit.has(route.from) || lit.has(route.to);
  context.lineWidth = Math.max(1.25, 0.7 / view.zoom);
  paintRoutes(
    context,
    routes.filter((route) => !isLit(route)),
    { color: colors.edge, zoom: view.zoom, direction: layout.direction },
  );
  context.lineWidth = Math.max(1.75, 1.4 / view.zoom);
  paintRoutes(context, routes.filter(isLit), { color: colors.accent, zoom: view.zoom, direction: layout.direction });
  if (hasNodes) for (const box of layout.boxes) if (!box.isFrame && intersects(box, part)) paintNode(context, box, options);
  context.restore();
}

const extents = new WeakMap<Route, Rectangle>();

function extentOf(route: Route): Rectangle {
  let known = extents.get(route);
  if (known === undefined) {
    const xs = route.points.filter((_, index) => index % 2 === 0);
    const ys = route.points.filter((_, index) => index % 2 === 1);
    const [x, y] = [Math.min(...xs), Math.min(...ys)];
    known = { x: x - 1, y: y - 1, width: Math.max(...xs) - x + 2, height: Math.max(...ys) - y + 2 };
    extents.set(route, known);
  }
  return known;
}

function paintFrame(
  context: CanvasRenderingContext2D,
  { x, y, width, height }: Rectangle,
  zoom: number,
  colors: GraphColors,
): void {
  context.beginPath();
  context.roundRect(x, y, width, height, 12);
  context.fillStyle = colors.frame;
  context.fill();
  context.strokeStyle = colors.frameBorder;
  context.lineWidth = Math.max(1, 0.7 / zoom);
  context.stroke();
}

interface Stroke {
  readonly color: string;
  readonly zoom: number;
  readonly direction: Direction;
}

function paintRoutes(context: CanvasRenderingContext2D, routes: readonly Route[], { color, zoom, direction }: Stroke): void {
  context.strokeStyle = color;
  context.fillStyle = color;
  for (let from = 0; from < routes.length; from += EDGES_PER_STROKE) {
    const some = routes.slice(from, from + EDGES_PER_STROKE);
    context.beginPath();
    for (const route of some) trace(context, route.points, { direction, isStraight: zoom < CURVE_ZOOM });
    context.stroke();
    if (zoom < CURVE_ZOOM) continue;
    context.beginPath();
    for (const route of some) arrow(context, route.points, direction);
    context.fill();
  }
}

function trace(
  context: CanvasRenderingContext2D,
  points: readonly number[],
  { direction, isStraight }: { readonly direction: Direction; readonly isStraight: boolean },
): void {
  context.moveTo(points[0]!, points[1]!);
  for (let at = 2; at < points.length; at += 2) {
    const [x0, y0, x, y] = [points[at - 2]!, points[at - 1]!, points[at]!, points[at + 1]!];
    const isPassage = (at / 2) % 2 === 0;
    if (isStraight || isPassage) context.lineTo(x, y);
    else if (direction === 'down') context.bezierCurveTo(x0, (y0 + y) / 2, x, (y0 + y) / 2, x, y);
    else context.bezierCurveTo((x0 + x) / 2, y0, (x0 + x) / 2, y, x, y);
  }
}

function arrow(context: CanvasRenderingContext2D, points: readonly number[], direction: Direction): void {
  const [x, y] = [points.at(-2)!, points.at(-1)!];
  context.moveTo(x, y);
  if (direction === 'down') {
    context.lineTo(x - ARROW * 0.8, y - ARROW * 1.4);
    context.lineTo(x + ARROW * 0.8, y - ARROW * 1.4);
  } else {
    context.lineTo(x - ARROW * 1.4, y - ARROW * 0.8);
    context.lineTo(x - ARROW * 1.4, y + ARROW * 0.8);
  }
  context.closePath();
}

/** A node from afar. Its state is told by colour and by shape: filled when it is well, hollow when it waits, crossed when it failed. */
export function paintNode(context: CanvasRenderingContext2D, box: Box, { colors, lit, stateOf, view }: PaintOptions): void {
  const { x, y, width, height, id } = box;
  const state = stateOf(id);
  const color = state === undefined ? colors.nodeBorder : (colors.states[state] ?? colors.nodeBorder);
  const isSolid = state === 'SUCCEEDED' || state === 'CACHED' || state === 'FAILED' || state === 'RUNNING';
  const isSmall = width * view.zoom < 14;
  context.fillStyle = isSolid ? color : colors.node;
  context.strokeStyle = lit.has(id) ? colors.accent : color;
  context.lineWidth = lit.has(id) ? 3 / view.zoom : Math.max(1.5, 1 / view.zoom);
  if (isSmall) {
    context.fillStyle = color;
    context.globalAlpha = isSolid ? 1 : 0.45;
    context.fillRect(x, y, width, height);
    context.globalAlpha = 1;
    return;
  }
  context.beginPath();
  context.roundRect(x, y, width, height, 10);
  context.globalAlpha = isSolid ? 0.9 : 1;
  context.fill();
  context.globalAlpha = 1;
  context.stroke();
  if (isSolid) paintMark(context, box, state, colors);
}

/** What an icon says, in strokes that are still seen when a node is a few pixels high. */
function paintMark(
  context: CanvasRenderingContext2D,
  { x, y, width, height }: Rectangle,
  state: string,
  colors: GraphColors,
): void {
  const size = height * 0.2;
  const [cx, cy] = [x + width / 2, y + height / 2];
  context.strokeStyle = colors.node;
  context.lineWidth = height * 0.09;
  context.lineCap = 'round';
  context.beginPath();
  if (state === 'FAILED') {
    context.moveTo(cx - size, cy - size);
    context.lineTo(cx + size, cy + size);
    context.moveTo(cx + size, cy - size);
    context.lineTo(cx - size, cy + size);
  } else if (state === 'RUNNING') {
    context.arc(cx, cy, size, 0, Math.PI * 1.5);
  } else if (state === 'SUCCEEDED') {
    context.moveTo(cx - size, cy);
    context.lineTo(cx - size * 0.3, cy + size * 0.7);
    context.lineTo(cx + size, cy - size * 0.7);
  } else {
    context.moveTo(cx + size * 0.3, cy - size);
    context.lineTo(cx - size * 0.5, cy + size * 0.2);
    context.lineTo(cx + size * 0.5, cy - size * 0.1);
    context.lineTo(cx - size * 0.3, cy + size);
  }
  context.stroke();
}
