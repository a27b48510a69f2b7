/** Runs the flagship example on a platform and shows what came out: shared by `npm run demo` and `npm start`. */
import { fileURLToPath } from 'node:url';
import type { JsonObject } from '../src/base/json.ts';
import { chooseOutput } from '../src/cli/choose-output.ts';
import { followRun } from '../src/cli/follow-run.ts';
import { loadPipeline } from '../src/cli/load-pipeline.ts';
import { styleFor, type Style } from '../src/cli/style.ts';
import type { RunRow, TaskRow } from '../src/model/run.ts';
import type { Platform } from '../src/start.ts';

export const style: Style = styleFor(process.stdout, process.env);
const example = (file: string): string => fileURLToPath(new URL(`../examples/penguins/${file}`, import.meta.url));
const BAR_WIDTH = 30;

/** Runs the example in the foreground with its progress on the terminal. */
export async function runPenguins(platform: Platform): Promise<RunRow> {
  const output = chooseOutput({ json: false });
  const document = await loadPipeline(example('pipeline.yaml'), output.note);
  const followed = followRun(platform, output);
  const run = await platform.engine.submit({ document, arguments: { data_uri: example('data/penguins.csv') } });
  return (await followed.untilFinal({ run, spec: document.spec, earlier: [] })).run;
}

/** Starts the run once more with some arguments changed, without showing its progress. */
export async function runAgain(
  platform: Platform,
  run: RunRow,
  changes: JsonObject,
): Promise<{ readonly run: RunRow; readonly tasks: readonly TaskRow[] }> {
  const { runId } = await platform.engine.clone(run.runId, { arguments: changes });
  const final = await platform.engine.wait(runId);
  return { run: final, tasks: await platform.store.listTasks(runId) };
}

/** The candidates, the confusion matrix and the report of a finished run. */
export async function showResult(platform: Platform, run: RunRow): Promise<void> {
  const tasks = await platform.store.listTasks(run.runId);
  const parametersOf = (path: string): JsonObject => tasks.find((task) => task.path === path)?.outputs?.parameters ?? {};
  const { ranking } = parametersOf('/training/select-best') as unknown as {
    ranking: readonly { name: string; accuracy: number }[];
  };
  const { species, matrix } = parametersOf('/training/evaluate') as unknown as { species: string[]; matrix: number[][] };
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
  console.log(`\n  ${style.strong(verdictOf(run))}`);
}

export function verdictOf(run: RunRow): string {
  const verdict = run.outputs?.parameters['verdict'];
  return typeof verdict === 'string' ? verdict : `${run.state}: no verdict`;
}

function paintCell(text: string, isHit: boolean, count: number): string {
  if (count === 0) return style.dim(text);
  return isHit ? style.good(text) : style.bad(text);
}

const percent = (value: number): string => `${(100 * value).toFixed(1).padStart(5)} %`;
