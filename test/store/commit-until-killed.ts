// Run by sqlite-crash.test.ts: commits batches as fast as it can until it is killed. Prints a line when the first is in.
// Usage: commit-until-killed.ts FILE RUN_ID
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { attempt, batch, cached, task, tick } from '../contract/store-fixtures.ts';

const [file, runId] = process.argv.slice(2) as [string, string];
/** Every batch writes this many tasks, all with the batch's number. */
const TASKS = 300;

const store = await openSqliteStore({ file });
for (let sequence = 0; ; sequence++) {
  const numbers = Array.from({ length: TASKS }, (_, index) => index);
  await store.commit(
    batch({
      events: [tick(runId, sequence)],
      tasks: numbers.map((number) => task(runId, number, { attempts: sequence })),
      attempts: numbers.map((number) => attempt(runId, number, { launchedAtMs: sequence })),
      cache: numbers.map((number) => cached(`${runId} ${number}`, { createdAtMs: sequence })),
      durable: sequence % 7 === 0,
    }),
  );
  if (sequence === 0) console.log('started');
}
