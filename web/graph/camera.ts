import { type Size, type ViewBox, zoomAt } from './view-box.ts';

const GLIDE_MS = 180;

/**
 * Owns: how the graph lies on the screen, and tells once a frame that it has changed. Doesn't own: what is drawn then. It is no state
 * of React: moving the graph draws no component again.
 */
export class Camera {
  #view: ViewBox = { x: 0, y: 0, zoom: 1 };
  #screen: Size = { width: 0, height: 0 };
  #frame = 0;
  #gliding = 0;
  readonly #listeners = new Set<() => void>();

  get view(): ViewBox {
    return this.#view;
  }

  get screen(): Size {
    return this.#screen;
  }

  look(view: ViewBox): void {
    cancelAnimationFrame(this.#gliding);
    this.#set(view);
  }

  /** Looks elsewhere in a short movement, so that the eye can follow; at once where movement is not wanted. */
  glide(target: ViewBox): void {
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return this.look(target);
    const from = this.#view;
    const started = performance.now();
    const step = () => {
      const part = Math.min(1, (performance.now() - started) / GLIDE_MS);
      const eased = 1 - (1 - part) ** 3;
      const between = (one: number, other: number): number => one + (other - one) * eased;
      this.#set({ x: between(from.x, target.x), y: between(from.y, target.y), zoom: between(from.zoom, target.zoom) });
      this.#gliding = part < 1 ? requestAnimationFrame(step) : 0;
    };
    cancelAnimationFrame(this.#gliding);
    step();
  }

  /** What was in the middle stays there: the place for the graph shrinks when something is shown above it. */
  resize(screen: Size): void {
    const before = this.#screen;
    this.#screen = screen;
    if (before.width === 0 || before.height === 0) return this.#tell();
    const { x, y, zoom } = this.#view;
    this.#set({ x: x + (screen.width - before.width) / 2, y: y + (screen.height - before.height) / 2, zoom });
  }

  pan(dx: number, dy: number): void {
    this.look({ ...this.#view, x: this.#view.x + dx, y: this.#view.y + dy });
  }

  /** Without a point: around the middle. */
  zoom(factor: number, at = { x: this.#screen.width / 2, y: this.#screen.height / 2 }): void {
    this.look(zoomAt(this.#view, factor, at));
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #set(view: ViewBox): void {
    this.#view = view;
    this.#tell();
  }

  #tell(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      for (const listener of this.#listeners) listener();
    });
  }
}
