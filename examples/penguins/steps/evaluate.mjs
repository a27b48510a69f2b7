// Puts the chosen model to the test set: accuracy, precision and recall per species, confusion matrix.
import { finish, readJson, writeArtifact } from './step.mjs';

const model = readJson('model');
const data = readJson('test');
const columns = model.features.map((feature) => data.features.indexOf(feature));
const matrix = model.species.map(() => model.species.map(() => 0));
for (const row of data.rows) {
  const x = [1, ...columns.map((column) => row.values[column])];
  const scores = model.weights.map((weights) => weights.reduce((sum, weight, index) => sum + weight * x[index], 0));
  matrix[model.species.indexOf(row.species)][scores.indexOf(Math.max(...scores))] += 1;
}

const sum = (list) => list.reduce((total, value) => total + value, 0);
const accuracy = sum(matrix.map((row, index) => row[index])) / data.rows.length;
const metrics = { accuracy, test_rows: data.rows.length };
model.species.forEach((name, index) => {
  metrics[`${name} precision`] = matrix[index][index] / Math.max(1, sum(matrix.map((row) => row[index])));
  metrics[`${name} recall`] = matrix[index][index] / Math.max(1, sum(matrix[index]));
});
console.log(`accuracy ${accuracy.toFixed(4)} on ${data.rows.length} penguins nobody trained with`);

writeArtifact('metrics', JSON.stringify(metrics));
writeArtifact('confusion', JSON.stringify({ species: model.species, matrix }));
finish({
  parameters: { accuracy, species: model.species, matrix },
  metadata: {
    metrics,
    // The form KFP's own dashboard draws.
    confusion: {
      confusionMatrix: {
        annotationSpecs: model.species.map((displayName) => ({ displayName })),
        rows: matrix.map((row) => ({ row })),
      },
    },
  },
});
