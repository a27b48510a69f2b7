import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { layOut } from './lay-out.ts';
import type { Box, Direction, LayoutGraph, LayoutNode } from './layout-graph.ts';

const node = (id: string, inner?: LayoutGraph): LayoutNode => ({ id, width: 200, height: 56, ...(inner ? { inner } : {}) });
const graph = (count: number, edges: readonly (readonly [number, number])[], prefix = 'n'): LayoutGraph => ({
  nodes: Array.from({ length: count }, (_, index) => node(`${prefix}${index}`)),
  edges,
});
const overlap = (one: Box, other: Box): boolean =>
  one.x + one.width > other.x + 0.01 &&
  other.x + other.width > one.x + 0.01 &&
  one.y + one.height > other.y + 0.01 &&
  other.y + other.height > one.y + 0.01;

/** 50 layers of 100; each node feeds a few of the next layer. */
function layered(layers: number, width: number, fan: number): LayoutGraph {
  const edges: [number, number][] = [];
  for (let layer = 0; layer + 1 < layers; layer += 1) {
    for (let at = 0; at < width; at += 1) {
      for (let step = 0; step < fan; step += 1)
        edges.push([layer * width + at, (layer + 1) * width + ((at * 7 + step * 13) % width)]);
    }
  }
  return graph(layers * width, edges);
}

const randomGraph = fc
  .integer({ min: 1, max: 30 })
  .chain((count) => fc.tuple(fc.constant(count), fc.array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1)), { maxLength: 60 })));

test('no two boxes overlap, every edge has a route, and everything lies within the size that is told', () => {
  fc.assert(
    fc.property(randomGraph, fc.constantFrom<Direction>('down', 'right'), ([count, pairs], direction) => {
      const edges = pairs.filter(([from, to]) => from < to);
      const { boxes, width, height, routes, bundles } = layOut(graph(count, edges), direction);
      assert.equal(boxes.length, count);
      for (const [index, box] of boxes.entries()) {
        assert.ok(box.x >= -0.01 && box.y >= -0.01 && box.x + box.width <= width + 0.01 && box.y + box.height <= height + 0.01);
        for (const other of boxes.slice(index + 1)) assert.ok(!overlap(box, other), `${box.id} and ${other.id}`);
      }
      const itemOf = new Map(bundles.flatMap(({ id, members }) => members.map((member) => [member, id] as const)));
      const wanted = new Set(
        edges.map(([from, to]) => `${itemOf.get(`n${from}`) ?? `n${from}`}>${itemOf.get(`n${to}`) ?? `n${to}`}`),
      );
      assert.deepEqual(new Set(routes.map(({ from, to }) => `${from}>${to}`)), wanted);
    }),
    { numRuns: 200 },
  );
});

test('edges lead onwards: what comes later lies further down, or further right', () => {
  fc.assert(
    fc.property(randomGraph, ([count, pairs]) => {
      const edges = pairs.filter(([from, to]) => from < to);
      const down = new Map(layOut(graph(count, edges), 'down').boxes.map((box) => [box.id, box.y]));
      const right = new Map(layOut(graph(count, edges), 'right').boxes.map((box) => [box.id, box.x]));
      for (const [from, to] of edges) {
        assert.ok(down.get(`n${from}`)! < down.get(`n${to}`)!);
        assert.ok(right.get(`n${from}`)! < right.get(`n${to}`)!);
      }
    }),
    { numRuns: 100 },
  );
});

test('a cycle is cut, not followed for ever', () => {
  const { boxes } = layOut(
    graph(3, [
      [0, 1],
      [1, 2],
      [2, 0],
    ]),
    'down',
  );
  assert.equal(boxes.length, 3);
});

test('a chain runs straight', () => {
  const { boxes } = layOut(
    graph(4, [
      [0, 1],
      [1, 2],
      [2, 3],
    ]),
    'down',
  );
  assert.equal(new Set(boxes.map(({ x }) => x)).size, 1);
});

test('a fork is symmetric: the node before stands over the middle of those behind', () => {
  const { boxes } = layOut(
    graph(4, [
      [0, 1],
      [0, 2],
      [0, 3],
    ]),
    'down',
  );
  assert.equal(boxes[0]!.x, boxes[2]!.x);
  assert.equal(boxes[0]!.x - boxes[1]!.x, boxes[3]!.x - boxes[0]!.x);
});

test('crossings that can be avoided are avoided', () => {
  const { boxes } = layOut(
    graph(4, [
      [0, 3],
      [1, 2],
    ]),
    'down',
  );
  const x = (id: string): number => boxes.find((box) => box.id === id)!.x;
  assert.equal(Math.sign(x('n0') - x('n1')), Math.sign(x('n3') - x('n2')));
});

test('many nodes with the same neighbours become a block that edges lead to', () => {
  const many = Array.from({ length: 100 }, (_, index) => index + 1);
  const { bundles, routes, boxes } = layOut(
    graph(
      102,
      many.flatMap(
        (at) =>
          [
            [0, at],
            [at, 101],
          ] as const,
      ),
    ),
    'down',
  );
  assert.equal(bundles.length, 1);
  assert.equal(bundles[0]!.members.length, 100);
  assert.equal(routes.length, 2);
  assert.ok(new Set(boxes.map(({ y }) => y)).size > 5, 'in several rows');
});

test('an unfolded group is a frame around what is in it', () => {
  const inner = graph(2, [[0, 1]], 'in');
  const { boxes } = layOut(
    {
      nodes: [node('a'), node('group', inner), node('z')],
      edges: [
        [0, 1],
        [1, 2],
      ],
    },
    'right',
  );
  const frame = boxes.find(({ id }) => id === 'group')!;
  assert.ok(frame.isFrame);
  for (const box of boxes.filter(({ id }) => id.startsWith('in'))) {
    assert.equal(box.depth, 1);
    assert.ok(
      box.x > frame.x &&
        box.y > frame.y &&
        box.x + box.width < frame.x + frame.width &&
        box.y + box.height < frame.y + frame.height,
    );
  }
});

test('an edge past a layer goes around the nodes in it', () => {
  const { boxes, routes } = layOut(
    graph(3, [
      [0, 1],
      [1, 2],
      [0, 2],
    ]),
    'down',
  );
  const long = routes.find(({ from, to }) => from === 'n0' && to === 'n2')!;
  const middle = boxes[1]!;
  assert.equal(long.points.length, 8);
  const x = long.points[2]!;
  assert.ok(x < middle.x || x > middle.x + middle.width);
});

test('five thousand nodes are laid out in well under a second', () => {
  for (const large of [
    layered(50, 100, 2),
    graph(
      5_000,
      Array.from(
        { length: 4_998 },
        (_, at) =>
          [
            [0, at + 1],
            [at + 1, 4_999],
          ] as const,
      ).flat(),
    ),
  ]) {
    const started = performance.now();
    assert.equal(layOut(large, 'right').boxes.length, 5_000);
    assert.ok(performance.now() - started < 2_000);
  }
});
