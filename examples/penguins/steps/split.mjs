// Cleans the table, standardises the measurements and splits the penguins into a training and a test set, species by species.
import { finish, parameters, readText, writeArtifact } from './step.mjs';

const FEATURES = ['bill_length_mm', 'bill_depth_mm', 'flipper_length_mm', 'body_mass_g'];

const [header, ...lines] = readText('table').trim().split('\n');
const columns = header.split(',');
const all = lines.map((line) => Object.fromEntries(line.split(',').map((cell, index) => [columns[index], cell])));
const complete = all.filter((row) => FEATURES.every((feature) => row[feature] !== ''));
console.log(`${all.length} penguins, ${all.length - complete.length} without measurements left out`);

const random = mulberry32(parameters.seed);
const train = [];
const test = [];
for (const species of new Set(complete.map((row) => row.species))) {
  const rows = shuffle(complete.filter((row) => row.species === species));
  const testSize = Math.round(rows.length * parameters.test_fraction);
  test.push(...rows.slice(0, testSize));
  train.push(...rows.slice(testSize));
}

// Mean and deviation come from the training set alone: the test set must not leak into it.
const scale = FEATURES.map((feature) => {
  const values = train.map((row) => Number(row[feature]));
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance) };
});
const table = (rows) =>
  JSON.stringify({
    features: FEATURES,
    rows: shuffle(rows).map((row) => ({
      species: row.species,
      values: FEATURES.map((feature, index) => (Number(row[feature]) - scale[index].mean) / scale[index].deviation),
    })),
  });

writeArtifact('train', table(train));
writeArtifact('test', table(test));
finish({ metadata: { train: { rows: train.length }, test: { rows: test.length } } });
console.log(`${train.length} for training, ${test.length} for the test`);

function shuffle(list) {
  const result = [...list];
  for (let index = result.length - 1; index > 0; index -= 1) {
    const other = Math.floor(random() * (index + 1));
    [result[index], result[other]] = [result[other], result[index]];
  }
  return result;
}

/** A small seeded generator, so that every run splits alike. */
function mulberry32(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
