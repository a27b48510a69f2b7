import assert from 'node:assert/strict';
import { test } from 'node:test';
import { viewGraph } from './graph-view.ts';
import { layOut } from './layout/lay-out.ts';
import { nextNode, type Arrow } from './next-node.ts';

const { nodes, layoutGraph } = viewGraph(
  {
    scopes: [
      {
        path: '/',
        tasks: [
          { key: 'a', path: '/a' },
          { key: 'b', path: '/b', depends_on: ['a'] },
          { key: 'c', path: '/c', depends_on: ['a'] },
          { key: 'd', path: '/d', depends_on: ['b', 'c'] },
        ],
      },
    ],
  },
  { root: '/', unfolded: new Set(), hasArtifacts: false },
);

const ROWS: readonly [from: string, arrow: Arrow, direction: 'down' | 'right', to: string | undefined][] = [
  ['/a', 'ArrowDown', 'down', '/b'],
  ['/b', 'ArrowRight', 'down', '/c'],
  ['/c', 'ArrowLeft', 'down', '/b'],
  ['/b', 'ArrowDown', 'down', '/d'],
  ['/d', 'ArrowUp', 'down', '/b'],
  ['/d', 'ArrowDown', 'down', undefined],
  ['/a', 'ArrowRight', 'right', '/b'],
  ['/b', 'ArrowDown', 'right', '/c'],
  ['/a', 'ArrowUp', 'right', undefined],
];
for (const [from, arrow, direction, to] of ROWS) {
  test(`${arrow} leads from ${from} to ${to ?? 'nowhere'} in a graph that runs ${direction}`, () => {
    const places = new Map(layOut(layoutGraph, direction).boxes.map((box) => [box.id, box]));
    assert.equal(nextNode(nodes.get(from)!, arrow, { places, direction }), to);
  });
}
