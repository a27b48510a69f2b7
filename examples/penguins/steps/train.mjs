// Trains a softmax regression with one set of hyper-parameters and estimates its accuracy by cross-validation.
import { finish, parameters, readJson, writeArtifact } from './step.mjs';

const FOLDS = 5;
const { candidate } = parameters;
const data = readJson('train');
const columns = candidate.features.map((feature) => data.features.indexOf(feature));
const species = [...new Set(data.rows.map((row) => row.species))].sort((left, right) => left.localeCompare(right));
// The leading 1 is the intercept's.
const examples = data.rows.map((row) => ({
  x: [1, ...columns.map((column) => row.values[column])],
  y: species.indexOf(row.species),
}));

const accuracies = Array.from({ length: FOLDS }, (_, fold) => {
  const weights = fit(examples.filter((_example, index) => index % FOLDS !== fold));
  return accuracy(
    weights,
    examples.filter((_example, index) => index % FOLDS === fold),
  );
});
const validationAccuracy = accuracies.reduce((sum, value) => sum + value, 0) / FOLDS;
console.log(`${candidate.name}: ${accuracies.map((value) => value.toFixed(3)).join(' ')}, mean ${validationAccuracy.toFixed(4)}`);

writeArtifact(
  'model',
  JSON.stringify({ name: candidate.name, features: candidate.features, species, weights: fit(examples), validationAccuracy }),
);
finish({
  parameters: { validation_accuracy: validationAccuracy },
  metadata: { model: { framework: 'softmax regression', validation_accuracy: validationAccuracy } },
});

/** Gradient descent on the cross-entropy with an L2 penalty; one row of weights per species. */
function fit(rows) {
  const weights = species.map(() => rows[0].x.map(() => 0));
  for (let epoch = 0; epoch < candidate.epochs; epoch += 1) {
    const gradient = weights.map((row) => row.map((weight, index) => (index === 0 ? 0 : candidate.l2 * weight)));
    for (const { x, y } of rows) {
      probabilities(weights, x).forEach((probability, label) => {
        const error = (probability - (label === y ? 1 : 0)) / rows.length;
        x.forEach((value, index) => (gradient[label][index] += error * value));
      });
    }
    weights.forEach((row, label) =>
      row.forEach((_weight, index) => (row[index] -= candidate.learning_rate * gradient[label][index])),
    );
  }
  return weights;
}

function probabilities(weights, x) {
  const scores = weights.map((row) => row.reduce((sum, weight, index) => sum + weight * x[index], 0));
  const highest = Math.max(...scores);
  const exponentials = scores.map((score) => Math.exp(score - highest));
  const total = exponentials.reduce((sum, value) => sum + value, 0);
  return exponentials.map((value) => value / total);
}

function accuracy(weights, rows) {
  const hits = rows.filter(({ x, y }) => {
    const guess = probabilities(weights, x);
    return guess.indexOf(Math.max(...guess)) === y;
  });
  return hits.length / rows.length;
}
