import type { Camera } from './camera.ts';
import type { GraphColors } from './graph-colors.ts';
import type { Box, Layout, Rectangle } from './layout/layout-graph.ts';
import { NodeSprites } from './node-sprites.ts';
import { paintGraph } from './paint-graph.ts';
import { intersects, READABLE_ZOOM, type Size, type ViewBox } from './view-box.ts';

/** What is drawn around what is seen, in pixels of the screen. */
const MARGIN = 192;
/** So far the graph is moved before what has come nearer is drawn. */
const STEP = 96;
/** Strokes reach this far beyond what they belong to. */
const RIM = 3;

export interface Scene {
  readonly layout: Layout;
  readonly colors: GraphColors;
  readonly lit: ReadonlySet<string>;
  readonly stateOf: (id: string) => string | undefined;
  /** Nodes are elements of the page at every zoom. */
  readonly isAlwaysNear?: boolean;
}

/**
 * Owns: the canvas under the nodes. It is larger than what is seen. When the graph is moved the canvas is moved; once in a while its
 * picture is shifted and only the strips that come in at its edges are drawn. A new zoom draws all of it.
 * I1 What the canvas shows is the scene at `#painted`, moved by the transform to where the camera looks.
 * I2 `#painted` is shifted by whole pixels of the device, so that old and new parts fit together.
 * I3 A changed state draws one node.
 */
export class GraphPainter {
  readonly #canvas: HTMLCanvasElement;
  readonly #camera: Camera;
  readonly #sprites = new NodeSprites();
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
    const painted = this.#painted;
    if (!painted || painted.view.zoom !== view.zoom || painted.screen !== screen) this.#paintAll(this.#scene, view, screen);
    else {
      const [dx, dy] = [view.x - painted.view.x, view.y - painted.view.y];
      if (Math.abs(dx) > screen.width || Math.abs(dy) > screen.height) this.#paintAll(this.#scene, view, screen);
      else if (Math.abs(dx) >= STEP || Math.abs(dy) >= STEP) this.#shift(this.#scene, painted, { dx, dy });
    }
    const { view: shown } = this.#painted!;
    this.#canvas.style.transform = `translate(${view.x - shown.x - MARGIN}px, ${view.y - shown.y - MARGIN}px)`;
  }

  /** These nodes have another state now. */
  statesChanged(ids: Iterable<string>): void {
    const scene = this.#scene;
    if (!scene || !this.#painted || !this.#hasNodes(scene)) return;
    const context = this.#context();
    for (const id of ids) {
      const box = this.#boxes.get(id);
      if (box && !box.isFrame) this.#paintNode(context, scene, box);
    }
  }

  #paintAll(scene: Scene, view: ViewBox, screen: Size): void {
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
    this.#sprites.reset(scene.colors, view.zoom * ratio);
    this.#paintPart(scene, { x: 0, y: 0, width, height });
  }

  #shift(
    scene: Scene,
    { view, screen }: { readonly view: ViewBox; readonly screen: Size },
    by: { readonly dx: number; readonly dy: number },
  ): void {
    const ratio = devicePixelRatio;
    const [sx, sy] = [Math.round(by.dx * ratio), Math.round(by.dy * ratio)];
    const context = this.#context();
    context.globalCompositeOperation = 'copy';
    context.drawImage(this.#canvas, sx, sy);
    context.globalCompositeOperation = 'source-over';
    const [dx, dy] = [sx / ratio, sy / ratio];
    this.#painted = { view: { ...view, x: view.x + dx, y: view.y + dy }, screen };
    const width = screen.width + 2 * MARGIN;
    const height = screen.height + 2 * MARGIN;
    if (dx !== 0) this.#paintPart(scene, { x: dx > 0 ? 0 : width + dx, y: 0, width: Math.abs(dx), height });
    if (dy !== 0) this.#paintPart(scene, { x: 0, y: dy > 0 ? 0 : height + dy, width, height: Math.abs(dy) });
  }

  /** `strip`: of the canvas, in pixels of the page. */
  #paintPart(scene: Scene, strip: Rectangle): void {
    const { view } = this.#painted!;
    const context = this.#context();
    const ratio = devicePixelRatio;
    context.save();
    context.scale(ratio, ratio);
    context.beginPath();
    context.rect(strip.x, strip.y, strip.width, strip.height);
    context.clip();
    context.clearRect(strip.x, strip.y, strip.width, strip.height);
    context.translate(MARGIN + view.x, MARGIN + view.y);
    context.scale(view.zoom, view.zoom);
    const part = {
      x: (strip.x - RIM - MARGIN - view.x) / view.zoom,
      y: (strip.y - RIM - MARGIN - view.y) / view.zoom,
      width: (strip.width + 2 * RIM) / view.zoom,
      height: (strip.height + 2 * RIM) / view.zoom,
    };
    paintGraph(context, { layout: scene.layout, zoom: view.zoom, colors: scene.colors, part, lit: scene.lit });
    if (this.#hasNodes(scene)) {
      context.setTransform(1, 0, 0, 1, 0, 0);
      for (const box of scene.layout.boxes) if (!box.isFrame && intersects(box, part)) this.#paintNode(context, scene, box);
    }
    context.restore();
  }

  /** At whole pixels of the device: then it is a copy of a small picture. */
  #paintNode(context: CanvasRenderingContext2D, { stateOf, lit }: Scene, box: Box): void {
    const { view } = this.#painted!;
    const ratio = devicePixelRatio;
    const x = Math.round((MARGIN + view.x + box.x * view.zoom) * ratio);
    const y = Math.round((MARGIN + view.y + box.y * view.zoom) * ratio);
    this.#sprites.paint(
      context,
      { x, y },
      { width: box.width, height: box.height, state: stateOf(box.id), isLit: lit.has(box.id) },
    );
  }

  #hasNodes(scene: Scene): boolean {
    return isFar(this.#painted!.view) && !scene.isAlwaysNear;
  }

  #context(): CanvasRenderingContext2D {
    const context = this.#canvas.getContext('2d')!;
    context.setTransform(1, 0, 0, 1, 0, 0);
    return context;
  }
}

/** Names cannot be read: nodes are blocks on the canvas. */
export const isFar = ({ zoom }: ViewBox): boolean => zoom < READABLE_ZOOM;
