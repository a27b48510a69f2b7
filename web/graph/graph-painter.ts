import type { Camera } from './camera.ts';
import type { GraphColors } from './graph-colors.ts';
import type { Box, Layout } from './layout/layout-graph.ts';
import { paintGraph, paintNode, type PaintOptions } from './paint-graph.ts';
import { READABLE_ZOOM, visiblePart, type Size, type ViewBox } from './view-box.ts';

/** What is drawn around what is seen, in pixels of the screen. */
const MARGIN = 320;
/** While the graph moves it is drawn again when this much of the margin is left. */
const LEAST_MARGIN = 24;

export interface Scene {
  readonly layout: Layout;
  readonly colors: GraphColors;
  readonly lit: ReadonlySet<string>;
  readonly stateOf: (id: string) => string | undefined;
  /** Nodes are elements of the page at every zoom. */
  readonly isAlwaysNear?: boolean;
}

/**
 * Owns: the canvas under the nodes. It is larger than what is seen, so moving the graph moves the canvas, and it is drawn again only
 * when its margin is used up or the zoom changes.
 * I1 What the canvas shows is the scene at `#painted`, shifted by the transform to where the camera looks.
 * I2 A changed state redraws one node.
 */
export class GraphPainter {
  readonly #canvas: HTMLCanvasElement;
  readonly #camera: Camera;
  #scene: Scene | undefined;
  #boxes = new Map<string, Box>();
  #painted: { readonly view: ViewBox; readonly screen: Size } | undefined;

  constructor(canvas: HTMLCanvasElement, camera: Camera) {
    this.#canvas = canvas;
    this.#camera = camera;
  }

  show(scene: Scene): void {
    if (scene.layout !== this.#scene?.layout) this.#boxes = new Map(scene.layout.boxes.map((box) => [box.id, box]));
    this.#scene = scene;
    this.#painted = undefined;
    this.follow();
  }

  /** The camera has moved. */
  follow(): void {
    const { view, screen } = this.#camera;
    if (!this.#scene || screen.width === 0) return;
    if (!this.#isCovered(view, screen)) this.#paint(this.#scene, view, screen);
    const { view: painted } = this.#painted!;
    this.#canvas.style.transform = `translate(${view.x - painted.x - MARGIN}px, ${view.y - painted.y - MARGIN}px)`;
  }

  /** These nodes have another state now. */
  statesChanged(ids: Iterable<string>): void {
    if (!this.#scene || !this.#painted || !isFar(this.#painted.view)) return;
    const context = this.#canvas.getContext('2d')!;
    const { view } = this.#painted;
    const options = this.#options(this.#scene, view, this.#painted.screen);
    context.save();
    this.#place(context);
    context.translate(view.x, view.y);
    context.scale(view.zoom, view.zoom);
    for (const id of ids) {
      const box = this.#boxes.get(id);
      if (!box || box.isFrame) continue;
      // What was there, smoothed rim included, is covered first.
      context.fillStyle = options.colors.node;
      context.fillRect(box.x, box.y, box.width, box.height);
      paintNode(context, box, options);
    }
    context.restore();
  }

  #isCovered(view: ViewBox, screen: Size): boolean {
    const painted = this.#painted;
    if (!painted || painted.view.zoom !== view.zoom || painted.screen !== screen) return false;
    const most = MARGIN - LEAST_MARGIN;
    return Math.abs(view.x - painted.view.x) <= most && Math.abs(view.y - painted.view.y) <= most;
  }

  #paint(scene: Scene, view: ViewBox, screen: Size): void {
    const width = screen.width + 2 * MARGIN;
    const height = screen.height + 2 * MARGIN;
    const ratio = devicePixelRatio;
    if (this.#canvas.width !== Math.round(width * ratio) || this.#canvas.height !== Math.round(height * ratio)) {
      this.#canvas.width = Math.round(width * ratio);
      this.#canvas.height = Math.round(height * ratio);
      this.#canvas.style.width = `${width}px`;
      this.#canvas.style.height = `${height}px`;
    }
    this.#painted = { view, screen };
    const context = this.#canvas.getContext('2d')!;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    context.save();
    this.#place(context);
    paintGraph(context, this.#options(scene, view, screen));
    context.restore();
  }

  #place(context: CanvasRenderingContext2D): void {
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, MARGIN * devicePixelRatio, MARGIN * devicePixelRatio);
  }

  #options(scene: Scene, view: ViewBox, screen: Size): PaintOptions {
    return { ...scene, view, part: visiblePart(view, screen, MARGIN), hasNodes: isFar(view) && !scene.isAlwaysNear };
  }
}

/** Names cannot be read: nodes are blocks on the canvas. */
export const isFar = ({ zoom }: ViewBox): boolean => zoom < READABLE_ZOOM;
