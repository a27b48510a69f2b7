/** A bounded part of `npm run sim`: enough seeds that a broken invariant is found, few enough for every test run. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkSeed } from './check-seed.ts';

const SEEDS = 60;

test(`${SEEDS} random pipelines keep all invariants through kills, lost and duplicated observations`, async () => {
  let kills = 0;
  let tasks = 0;
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const result = await checkSeed(seed);
    assert.deepEqual(result.violations, [], `replay with: npm run sim -- ${seed}`);
    kills += result.kills;
    tasks += result.tasks;
  }
  assert(kills > SEEDS && tasks > SEEDS * 10, `the simulation must disturb something: ${kills} kills, ${tasks} tasks`);
});
