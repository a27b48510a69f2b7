import { isFar } from './graph-painter.ts';
import type { Box, Layout } from './layout/layout-graph.ts';
import { intersects, visiblePart, type Size, type ViewBox } from './view-box.ts';

/** Nodes just outside are drawn too, so that moving a little shows them at once. */
const MARGIN = 240;

/** The boxes that are elements of the page: those in view if they can be read, and always the one that has the focus. */
export function visibleBoxes(layout: Layout, view: ViewBox, screen: Size, focused: string | undefined): readonly Box[] {
  const part = visiblePart(view, screen, MARGIN);
  const far = isFar(view);
  return layout.boxes.filter((box) => box.id === focused || (!far && intersects(box, part)));
}

/** Changes only when another set of boxes may be in view. */
export function regionKey(view: ViewBox): string {
  if (isFar(view)) return 'far';
  const cell = MARGIN / 2;
  return `${view.zoom} ${Math.floor(view.x / cell)} ${Math.floor(view.y / cell)}`;
}
