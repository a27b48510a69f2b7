/** The flagship example over REST: how `npm run demo` uploads it, starts it and shows what came out. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { JsonObject } from '../src/base/json.ts';
import type { Session } from '../src/cli/server/session.ts';
import { styleFor, type Style } from '../src/cli/style.ts';

export const style: Style = styleFor(process.stdout, process.env);
const example = (file: string): string => fileURLToPath(new URL(`../examples/penguins/${file}`, import.meta.url));
const BAR_WIDTH = 30;

/** Uploads the pipeline and starts a run of it; returns the ids of both. */
export async function startPenguins({ kfp }: Session): Promise<{ readonly pipelineId: string; readonly runId: string }> {
  const file = { name: 'pipeline.yaml', bytes: await readFile(example('pipeline.yaml')) };
  const pipeline = await kfp.upload('UploadPipeline', { query: { name: 'penguins' }, file });
  const run = await kfp.call('RunService_CreateRun', {
    body: {
      display_name: 'penguins',
      pipeline_version_reference: { pipeline_id: pipeline.pipeline_id! },
      runtime_config: { parameters: { data_uri: example('data/penguins.csv') } },
    },
  });
  return { pipelineId: pipeline.pipeline_id!, runId: run.run_id! };
}

/** Output parameters of every task by its path. */
async function outputsByPath({ own }: Session, runId: string): Promise<ReadonlyMap<string, JsonObject>> {
  const { tasks = [] } = await own.call('Task_List', { params: { run_id: runId }, query: { page_size: 1000 } });
  return new Map(
    tasks.map(({ path, outputs }) => [
      path ?? '/',
      Object.fromEntries((outputs?.parameters ?? []).map(({ parameter_key: key, value }) => [key ?? '', value ?? null])),
    ]),
  );
}

/** The candidates, the confusion matrix and the verdict of a finished run. */
export async function showResult(session: Session, runId: string): Promise<void> {
  const outputs = await outputsByPath(session, runId);
  const { ranking } = outputs.get('/training/select-best') as unknown as {
    readonly ranking: readonly { readonly name: string; readonly accuracy: number }[];
  };
  const { species, matrix } = outputs.get('/training/evaluate') as unknown as {
    readonly species: readonly string[];
    readonly matrix: readonly (readonly number[])[];
  };
  console.log(`\n${style.strong('Candidates')}, accuracy in 5-fold cross-validation`);
  ranking.forEach(({ name, accuracy }, index) => {
    const bar = '█'.repeat(Math.round(accuracy * BAR_WIDTH)).padEnd(BAR_WIDTH, '░');
    const line = `  ${name.padEnd(24)} ${bar} ${percent(accuracy)}`;
    console.log(index === 0 ? style.good(line) : line);
  });
  console.log(`\n${style.strong('Test set')}, what the best candidate takes each species for`);
  const width = Math.max(...species.map((name) => name.length)) + 2;
  console.log(`  ${''.padEnd(width)}${species.map((name) => name.padStart(width)).join('')}`);
  matrix.forEach((row, truth) => {
    const cells = row.map((count, guess) => paintCell(String(count).padStart(width), truth === guess, count));
    console.log(`  ${species[truth]!.padEnd(width)}${cells.join('')}`);
  });
  console.log(`\n  ${style.strong(await verdictOf(session, runId))}`);
}

export async function verdictOf({ own }: Session, runId: string): Promise<string> {
  const { outputs, run } = await own.call('Run_Get', { params: { run_id: runId } });
  const verdict = outputs?.parameters?.find(({ parameter_key: key }) => key === 'verdict')?.value;
  return typeof verdict === 'string' ? verdict : `${run?.state ?? 'unknown'}: no verdict`;
}

function paintCell(text: string, isHit: boolean, count: number): string {
  if (count === 0) return style.dim(text);
  return isHit ? style.good(text) : style.bad(text);
}

const percent = (value: number): string => `${(100 * value).toFixed(1).padStart(5)} %`;
