/**
 * `npm run sim -- [SEED] [--seeds N] [--from N]`: simulates runs in an unkind world and checks the engine's invariants.
 * A single SEED is replayed and explained; without one, 1,000 seeds.
 */
import { parseArgs } from 'node:util';
import { checkSeed } from './check-seed.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seeds: { type: 'string', default: '1000' }, from: { type: 'string', default: '1' } },
});

const single = positionals[0] === undefined ? undefined : Number(positionals[0]);
const first = single ?? Number(values.from);
const count = single === undefined ? Number(values.seeds) : 1;
if (!Number.isInteger(first) || !Number.isInteger(count) || count < 1) {
  console.error('usage: npm run sim -- [SEED] [--seeds N] [--from N]   (whole numbers)');
  process.exit(2);
}

const started = performance.now();
const totals = { runs: 0, tasks: 0, kills: 0, failed: 0 };
for (let seed = first; seed < first + count; seed += 1) {
  const result = await checkSeed(seed);
  totals.runs += result.runs;
  totals.tasks += result.tasks;
  totals.kills += result.kills;
  if (result.violations.length > 0) {
    totals.failed += 1;
    console.log(`seed ${seed}: ${result.violations.length} violations; replay with: npm run sim -- ${seed}`);
    for (const violation of result.violations.slice(0, 20)) console.log(`  ${violation}`);
  } else if (single !== undefined)
    console.log(`seed ${seed}: ${result.runs} runs, ${result.tasks} tasks, ${result.kills} kills, all invariants hold`);
  if (single === undefined && (seed - first + 1) % 100 === 0)
    console.log(`${seed - first + 1} seeds, ${totals.runs} runs, ${totals.tasks} tasks, ${totals.kills} kills`);
}
console.log(`${Math.round((performance.now() - started) / 1000)} s`);
console.log(`${count - totals.failed} passed, ${totals.failed} failed`);
process.exitCode = totals.failed === 0 ? 0 : 1;
