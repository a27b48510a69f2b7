// Fits a line by gradient descent. With the learning rate it starts with, the training fails: that is what this example is for.
import { component, Dataset, float, int, Markdown, Metrics, Model, pipeline, string } from 'pipewright';
import { readFileSync, writeFileSync } from 'node:fs';
import { makeTable, readTable } from './steps/table.ts';
import { lossOf, trainLine } from './steps/line.ts';

const makeData = component(
  { name: 'make-data', inputs: { rows: int, noise: float }, outputs: { table: Dataset } },
  ({ rows, noise }, { table }) => {
    writeFileSync(table.path, makeTable(rows, noise));
    table.metadata['rows'] = rows;
    console.log(`made ${rows} points around y = 3x + 2`);
  },
);

const train = component(
  {
    name: 'train',
    inputs: { table: Dataset, learning_rate: float, epochs: int },
    outputs: { model: Model, metrics: Metrics, loss: float },
  },
  ({ table, learning_rate: rate, epochs }, { model, metrics }) => {
    const { line, losses } = trainLine(readTable(table.path), { rate, epochs });
    const loss = losses.at(-1)!;
    writeFileSync(model.path, JSON.stringify(line));
    model.metadata['framework'] = 'plain TypeScript';
    metrics.metadata['loss'] = loss;
    metrics.metadata['epochs'] = losses.length;
    return { loss };
  },
);

const evaluate = component(
  { name: 'evaluate', inputs: { table: Dataset, model: Model }, outputs: { metrics: Metrics } },
  ({ table, model }, { metrics }) => {
    const line = JSON.parse(readFileSync(model.path, 'utf8')) as { slope: number; intercept: number };
    metrics.metadata['slope'] = line.slope;
    metrics.metadata['intercept'] = line.intercept;
    metrics.metadata['test_loss'] = lossOf(readTable(table.path), line);
  },
);

const report = component(
  { name: 'report', inputs: { loss: float, learning_rate: float }, outputs: { page: Markdown, verdict: string } },
  ({ loss, learning_rate: rate }, { page }) => {
    const verdict = `loss ${loss.toFixed(4)} with a learning rate of ${rate}`;
    writeFileSync(page.path, `# Training report\n\n| learning rate | loss |\n|---|---|\n| ${rate} | ${loss.toFixed(4)} |\n`);
    return { verdict };
  },
);

export default pipeline(
  {
    name: 'learning-rate',
    description: 'Fits a line by gradient descent. The learning rate it starts with is too large: see why it fails, and mend it.',
    inputs: {
      learning_rate: float.default(2.5).describe('step width of the gradient descent; between 0.01 and 1 it converges'),
      epochs: int.default(60),
      rows: int.default(200),
      noise: float.default(0.1),
    },
  },
  ({ learning_rate, epochs, rows, noise }) => {
    const training = makeData({ rows, noise }).output;
    const held = makeData({ rows: 50, noise }).output;
    const { model, loss } = train({ table: training, learning_rate, epochs }).outputs;
    evaluate({ table: held, model });
    return { verdict: report({ loss, learning_rate }).outputs.verdict };
  },
);
