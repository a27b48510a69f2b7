/** Browsers cannot make anything higher than some 17 million pixels. */
const MAX_PIXELS = 8_000_000;

export interface Scroll {
  /** Of the scrolled element, in pixels. */
  readonly top: number;
  /** Where the reader is in the list, in pixels of its rows. */
  readonly at: number;
}

/**
 * Scrolling through a list that may be higher than an element can be: small movements are taken as they are, so that wheel and keys
 * go line by line; large ones, as with the scroll bar's thumb, in proportion; at both ends it is the end.
 */
export function followScroll(before: Scroll, top: number, { height, viewHeight }: Extents): Scroll {
  const limit = height - viewHeight;
  const limitOfElement = elementHeight(height) - viewHeight;
  if (limit <= 0 || limitOfElement <= 0) return { top, at: 0 };
  if (limit === limitOfElement) return { top, at: Math.min(top, limit) };
  if (top <= 0) return { top, at: 0 };
  if (top >= limitOfElement - 1) return { top, at: limit };
  const moved = top - before.top;
  const at = Math.abs(moved) <= 2 * viewHeight ? before.at + moved : (top / limitOfElement) * limit;
  return { top, at: Math.max(0, Math.min(limit, at)) };
}

/** Where the element has to be scrolled to for the reader to be at a place. */
export function topFor(at: number, { height, viewHeight }: Extents): number {
  const limit = height - viewHeight;
  return limit <= 0 ? 0 : (Math.max(0, Math.min(at, limit)) / limit) * (elementHeight(height) - viewHeight);
}

export interface Extents {
  /** Of all rows. */
  readonly height: number;
  readonly viewHeight: number;
}

export const elementHeight = (height: number): number => Math.min(height, MAX_PIXELS);
