/**
 * A platform in a process of its own, to be killed: `engine-process.ts DATA_DIR PIPELINE_FILE [DATABASE]`. The first one on a data
 * folder or database hands the pipeline in, later ones go on with it. Prints `run RUN_ID`, then `final STATE` and ends.
 */
import { readFileSync } from 'node:fs';
import { readPipelineDocument } from '../../src/ir/read.ts';
import { openPlatform } from '../../src/start.ts';

const [dataDir, pipelineFile, database] = process.argv.slice(2) as [string, string, string | undefined];
const platform = await openPlatform({ dataDir, database });
const [known] = await platform.store.listRuns({ limit: 1 });
const { document } = readPipelineDocument(readFileSync(pipelineFile));
const runId = known?.runId ?? (await platform.engine.submit({ document: document! })).runId;
console.log(`run ${runId}`);
const run = await platform.engine.wait(runId);
console.log(`final ${run.state}`);
await platform.close();
