import { type RefObject, useEffect } from 'react';
import type { Camera } from './camera.ts';

const LINE_PIXELS = 16;
/** A press that moved less than this is a click. */
const CLICK_PIXELS = 4;

/**
 * Wheel and two fingers on a trackpad move the graph, with Ctrl or ⌘ and by pinching it is zoomed, dragging moves it. A drag is no click:
 * the click that the browser sends after it is swallowed.
 */
export function useGestures(element: RefObject<HTMLElement | null>, camera: Camera): void {
  useEffect(() => {
    const target = element.current;
    if (!target) return;
    const gestures = new Gestures(target, camera);
    const stop = new AbortController();
    const options = { signal: stop.signal };
    target.addEventListener('wheel', (event) => gestures.wheel(event), { ...options, passive: false });
    target.addEventListener('pointerdown', (event) => gestures.down(event), options);
    target.addEventListener('pointermove', (event) => gestures.move(event), options);
    target.addEventListener('pointerup', (event) => gestures.up(event), options);
    target.addEventListener('pointercancel', (event) => gestures.up(event), options);
    target.addEventListener('click', (event) => gestures.click(event), { ...options, capture: true });
    return () => stop.abort();
  }, [element, camera]);
}

interface Point {
  readonly x: number;
  readonly y: number;
}

class Gestures {
  readonly #target: HTMLElement;
  readonly #camera: Camera;
  readonly #pointers = new Map<number, Point>();
  #moved = 0;

  constructor(target: HTMLElement, camera: Camera) {
    this.#target = target;
    this.#camera = camera;
  }

  wheel(event: WheelEvent): void {
    event.preventDefault();
    const unit = event.deltaMode === 1 ? LINE_PIXELS : 1;
    if (event.ctrlKey || event.metaKey) {
      this.#camera.zoom(Math.exp(-event.deltaY * unit * 0.008), this.#place(event));
    } else if (event.shiftKey && event.deltaX === 0) this.#camera.pan(-event.deltaY * unit, 0);
    else this.#camera.pan(-event.deltaX * unit, -event.deltaY * unit);
  }

  down(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.#pointers.set(event.pointerId, this.#place(event));
    if (this.#pointers.size === 1) this.#moved = 0;
  }

  move(event: PointerEvent): void {
    const before = this.#pointers.get(event.pointerId);
    if (!before) return;
    const now = this.#place(event);
    const other = [...this.#pointers].find(([id]) => id !== event.pointerId)?.[1];
    this.#moved += Math.hypot(now.x - before.x, now.y - before.y);
    this.#pointers.set(event.pointerId, now);
    if (this.#moved < CLICK_PIXELS) return;
    if (!this.#target.hasPointerCapture(event.pointerId)) this.#target.setPointerCapture(event.pointerId);
    if (other) {
      const ratio = distance(now, other) / Math.max(1, distance(before, other));
      this.#camera.zoom(ratio, { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 });
    } else this.#camera.pan(now.x - before.x, now.y - before.y);
  }

  up(event: PointerEvent): void {
    this.#pointers.delete(event.pointerId);
  }

  click(event: MouseEvent): void {
    // A click that the keyboard made has no press before it.
    if (event.detail > 0 && this.#moved >= CLICK_PIXELS) {
      event.stopPropagation();
      event.preventDefault();
    }
    this.#moved = 0;
  }

  #place(event: MouseEvent): Point {
    const { left, top } = this.#target.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }
}

const distance = (one: Point, other: Point): number => Math.hypot(one.x - other.x, one.y - other.y);
