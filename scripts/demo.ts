/** `npm run demo`: the flagship example to its end, then what the recorded steps are good for. */
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { formatDuration } from '../src/cli/duration.ts';
import type { TaskRow } from '../src/model/run.ts';
import { openPlatform } from '../src/start.ts';
import { runAgain, runPenguins, showResult, style, verdictOf } from './penguins.ts';

const dataDir = fileURLToPath(new URL('../.pipewright/demo', import.meta.url));
// Always from the start: the demo shows a first run.
await rm(dataDir, { recursive: true, force: true });

console.log(style.strong('pipewright demo: which penguin is it?'));
console.log(
  style.dim(
    'A pipeline in the format of Kubeflow Pipelines: import, split, train eight candidates in parallel, choose, test, decide, report.\n',
  ),
);
const platform = await openPlatform({ dataDir });
try {
  process.exitCode = await demonstrate();
} finally {
  await platform.close({ cancelRunning: true });
}

async function demonstrate(): Promise<number> {
  const first = await runPenguins(platform);
  if (first.state !== 'SUCCEEDED') return 1;
  await showResult(platform, first);

  console.log(`\n${style.strong('Every step is recorded')}, so a second run is a look-up:`);
  const again = await runAgain(platform, first, {});
  console.log(`  the same run again      ${counted(again.tasks)} (the import and the exit handler) in ${took(again.run)}`);

  const stricter = await runAgain(platform, first, { min_accuracy: 0.99 });
  console.log(`  with min_accuracy=0.99  ${counted(stricter.tasks)} in ${took(stricter.run)}: ${verdictOf(stricter.run)}`);

  console.log(`\n${style.strong('Next')}`);
  console.log('  bin/pipewright.js local FILE.yaml -p name=value   your own pipeline: compiled by the kfp SDK, or its .py file');
  console.log('  examples/penguins/README.md                       how this one is made');
  return again.run.state === 'SUCCEEDED' && stricter.run.state === 'SUCCEEDED' ? 0 : 1;
}

function counted(tasks: readonly TaskRow[]): string {
  const leaves = tasks.filter((task) => task.kind !== 'dag' && task.kind !== 'loop');
  const cached = leaves.filter((task) => task.state === 'CACHED').length;
  const ran = leaves.filter((task) => task.state === 'SUCCEEDED').length;
  return `${cached} steps from the cache, ${ran} run`;
}

function took(run: { readonly createdAtMs: number; readonly endedAtMs?: number }): string {
  return formatDuration((run.endedAtMs ?? run.createdAtMs) - run.createdAtMs);
}
