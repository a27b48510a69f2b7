import type { GraphColors } from './graph-colors.ts';
import type { Direction, Layout, Rectangle, Route } from './layout/layout-graph.ts';
import { intersects } from './view-box.ts';

export interface PaintOptions {
  readonly layout: Layout;
  readonly zoom: number;
  readonly colors: GraphColors;
  /** Of the graph: only what lies in it is drawn. */
  readonly part: Rectangle;
  /** Routes that touch one of these ids are drawn in the accent colour. */
  readonly lit: ReadonlySet<string>;
}

/** A path that is stroked at once may have this many edges; with more, filling it takes longer than many small ones do. */
const EDGES_PER_STROKE = 400;
const ARROW = 5;
/** Under this zoom a curve is a pixel off a line. */
const CURVE_ZOOM = 0.26;

/** Draws what is under the nodes: frames, blocks and edges. The context is in the graph's coordinates. */
export function paintGraph(context: CanvasRenderingContext2D, options: PaintOptions): void {
  const { layout, zoom, colors, part, lit } = options;
  for (const box of layout.boxes) if (box.isFrame && intersects(box, part)) paintFrame(context, box, zoom, colors);
  for (const bundle of layout.bundles) if (intersects(bundle, part)) paintFrame(context, bundle, zoom, colors);
  const routes = layout.routes.filter((route) => intersects(extentOf(route), part));
  const isLit = (route: Route): boolean => lit.has(route.from) || lit.has(route.to);
  const { direction } = layout;
  context.lineWidth = Math.max(1.25, 0.7 / zoom);
  paintRoutes(context, lit.size === 0 ? routes : routes.filter((route) => !isLit(route)), {
    color: colors.edge,
    zoom,
    direction,
  });
  context.lineWidth = Math.max(1.75, 1.4 / zoom);
  paintRoutes(context, lit.size === 0 ? [] : routes.filter(isLit), { color: colors.accent, zoom, direction });
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
