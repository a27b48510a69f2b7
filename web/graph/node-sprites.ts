import type { GraphColors } from './graph-colors.ts';
import type { Size } from './view-box.ts';

interface SpriteKind extends Size {
  readonly state: string | undefined;
  readonly isLit: boolean;
}

/** Room for strokes around a node, in pixels of the device. */
const RIM = 3;
const SMALL_PIXELS = 14;

/**
 * Owns: small pictures of nodes as they look from afar at one zoom, one for each size and state: thousands of nodes are then drawn by
 * copying. A state is told by colour and by shape: filled when it is well, hollow when it waits, crossed when it failed.
 */
export class NodeSprites {
  readonly #sprites = new Map<string, HTMLCanvasElement>();
  #colors: GraphColors | undefined;
  #scale = 1;

  /** `scale`: pixels of the device for a pixel of the graph. */
  reset(colors: GraphColors, scale: number): void {
    if (colors === this.#colors && scale === this.#scale) return;
    this.#sprites.clear();
    this.#colors = colors;
    this.#scale = scale;
  }

  /** `at`: the left upper corner, in pixels of the device. */
  paint(context: CanvasRenderingContext2D, at: { readonly x: number; readonly y: number }, kind: SpriteKind): void {
    const key = `${kind.state} ${kind.width} ${kind.height} ${kind.isLit}`;
    let sprite = this.#sprites.get(key);
    if (sprite === undefined) this.#sprites.set(key, (sprite = this.#draw(kind)));
    context.drawImage(sprite, at.x - RIM, at.y - RIM);
  }

  #draw({ width, height, state, isLit }: SpriteKind): HTMLCanvasElement {
    const sprite = document.createElement('canvas');
    const [w, h] = [Math.max(1, width * this.#scale), Math.max(1, height * this.#scale)];
    sprite.width = Math.ceil(w) + 2 * RIM;
    sprite.height = Math.ceil(h) + 2 * RIM;
    const context = sprite.getContext('2d')!;
    context.translate(RIM, RIM);
    const { node, nodeBorder, accent, states } = this.#colors!;
    const color = state === undefined ? nodeBorder : (states[state] ?? nodeBorder);
    const isSolid = state === 'SUCCEEDED' || state === 'CACHED' || state === 'FAILED' || state === 'RUNNING';
    context.beginPath();
    if (w < SMALL_PIXELS) context.rect(0, 0, Math.round(w), Math.round(h));
    else context.roundRect(0, 0, w, h, 10 * this.#scale);
    // Something opaque below, for what was there before to vanish.
    context.fillStyle = node;
    context.fill();
    context.fillStyle = color;
    context.globalAlpha = isSolid ? 0.92 : w < SMALL_PIXELS ? 0.4 : 0;
    context.fill();
    context.globalAlpha = 1;
    context.strokeStyle = isLit ? accent : color;
    context.lineWidth = isLit ? 3 : 1;
    if (isLit || w >= SMALL_PIXELS) context.stroke();
    if (isSolid && w >= SMALL_PIXELS) paintMark(context, { width: w, height: h }, state, node);
    return sprite;
  }
}

/** What an icon says, in strokes that are still seen when a node is a few pixels high. */
function paintMark(context: CanvasRenderingContext2D, { width, height }: Size, state: string, color: string): void {
  const size = height * 0.2;
  const [x, y] = [width / 2, height / 2];
  const line = (...points: readonly number[]): void => {
    context.moveTo(x + points[0]! * size, y + points[1]! * size);
    for (let at = 2; at < points.length; at += 2) context.lineTo(x + points[at]! * size, y + points[at + 1]! * size);
  };
  context.strokeStyle = color;
  context.lineWidth = Math.max(1, height * 0.09);
  context.lineCap = 'round';
  context.beginPath();
  if (state === 'FAILED') {
    line(-1, -1, 1, 1);
    line(1, -1, -1, 1);
  } else if (state === 'RUNNING') context.arc(x, y, size, 0, Math.PI * 1.5);
  else if (state === 'SUCCEEDED') line(-1, 0, -0.3, 0.7, 1, -0.7);
  else line(0.3, -1, -0.5, 0.2, 0.5, -0.1, -0.3, 1);
  context.stroke();
}
