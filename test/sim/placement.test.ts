import assert from 'node:assert/strict';
import { test } from 'node:test';
import { simulatePlacement } from './simulate-placement.ts';

const SEEDS = 100;

test(`${SEEDS} overloaded sets of node pools are never over capacity, share no accelerator, and serve every size in turn`, () => {
  let started = 0;
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const simulation = simulatePlacement(seed);
    assert.deepEqual(simulation.violations, [], `seed ${seed}`);
    started += simulation.started;
  }
  assert(started > SEEDS * 100, `the simulation must start steps: ${started}`);
});
