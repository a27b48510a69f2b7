/** `npm run demo`: the platform on a free port, the flagship example over REST to its end, and what the recorded steps are good for. */
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { JsonObject } from '../src/base/json.ts';
import { formatDuration } from '../src/cli/duration.ts';
import { openSession, type Session } from '../src/cli/server/session.ts';
import { watchRun } from '../src/cli/server/watch-run.ts';
import { openServer } from '../src/serve.ts';
import { showResult, startPenguins, style, verdictOf } from './penguins.ts';

const dataDir = fileURLToPath(new URL('../.pipewright/demo', import.meta.url));
// Always from the start: the demo shows a first run.
await rm(dataDir, { recursive: true, force: true });

console.log(style.strong('pipewright demo: which penguin is it?'));
console.log(
  style.dim(
    'A pipeline in the format of Kubeflow Pipelines: import, split, train eight candidates in parallel, choose, test, decide, report.\n',
  ),
);
const server = await openServer({
  dataDir,
  port: 0,
  onError: (error, doing) => console.error(`${doing}:`, error),
});
try {
  console.log(style.dim(`The platform answers at ${server.url}; the pipeline is uploaded and started there.\n`));
  process.exitCode = await demonstrate(openSession({ endpoint: server.url }));
} finally {
  await server.close();
}

async function demonstrate(session: Session): Promise<number> {
  const { runId } = await startPenguins(session);
  const watched = await watchRun(session, runId, { timeoutMs: 0 });
  if (watched.kind !== 'final') return 130;
  if (watched.run.state !== 'SUCCEEDED') return 1;
  await showResult(session, runId);

  console.log(`\n${style.strong('Every step is recorded')}, so a second run is a look-up:`);
  const again = await cloned(session, runId, {});
  console.log(`  the same run again      ${again.counted} (the import and the exit handler) in ${again.took}`);

  const stricter = await cloned(session, runId, { min_accuracy: 0.99 });
  console.log(`  with min_accuracy=0.99  ${stricter.counted} in ${stricter.took}: ${await verdictOf(session, stricter.runId)}`);

  console.log(`\n${style.strong('Next')}`);
  console.log('  npm start                                         the platform with its dashboard, at http://127.0.0.1:8888');
  console.log('  bin/pipewright.js local FILE.yaml -p name=value   your own pipeline: compiled by the kfp SDK, or its .py file');
  console.log('  examples/penguins/README.md                       how this one is made');
  return again.state === 'SUCCEEDED' && stricter.state === 'SUCCEEDED' ? 0 : 1;
}

/** Starts the run once more with some parameters changed, and waits for its end. */
async function cloned(session: Session, runId: string, parameters: JsonObject) {
  const clone = await session.own.call('Run_Clone', { params: { run_id: runId }, body: { parameters } });
  await watchRun(session, clone.run_id!, { timeoutMs: 0, quiet: true });
  const { run, task_counts: counts } = await session.own.call('Run_Get', { params: { run_id: clone.run_id! } });
  return {
    runId: clone.run_id!,
    state: run?.state,
    counted: `${counts?.['CACHED'] ?? 0} steps from the cache, ${counts?.['SUCCEEDED'] ?? 0} run`,
    took: formatDuration((run?.ended_at ?? 0) - (run?.created_at ?? 0)),
  };
}
