import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstView, fit, reveal, visiblePart, zoomAt } from './view-box.ts';

const SCREEN = { width: 1000, height: 600 };

test('a small graph is not blown up, a large one shrinks until all of it is seen', () => {
  assert.equal(fit({ width: 200, height: 100 }, SCREEN).zoom, 1);
  const { zoom, x, y } = fit({ width: 10_000, height: 100 }, SCREEN);
  assert.ok(10_000 * zoom + x <= 1000 && x >= 0 && y >= 0);
});

test('a long pipeline begins at its start, readable', () => {
  const { zoom, x } = firstView({ width: 10_000, height: 100 }, SCREEN, 40);
  assert.ok(zoom > 0.5 && x > 0 && x < 100);
});

test('zooming keeps the point under the pointer', () => {
  const view = { x: 10, y: 20, zoom: 0.5 };
  const zoomed = zoomAt(view, 1.5, { x: 300, y: 200 });
  assert.ok(Math.abs((300 - view.x) / view.zoom - (300 - zoomed.x) / zoomed.zoom) < 1e-9);
});

test('a node that is seen stays where it is; one that is not is brought into view', () => {
  const view = { x: 0, y: 0, zoom: 1 };
  assert.deepEqual(reveal(view, { x: 100, y: 100, width: 200, height: 50 }, SCREEN), view);
  const moved = reveal(view, { x: 3000, y: 100, width: 200, height: 50 }, SCREEN);
  const part = visiblePart(moved, SCREEN);
  assert.ok(part.x < 3000 && part.x + part.width > 3200);
});
