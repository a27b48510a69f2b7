// Takes the model with the best accuracy in cross-validation; of equals, the first.
import { finish, parameters, readJsonList, writeArtifact } from './step.mjs';

const models = readJsonList('models');
const { accuracies } = parameters;
const best = accuracies.indexOf(Math.max(...accuracies));
const ranking = models
  .map((model, index) => ({ name: model.name, features: model.features.length, accuracy: accuracies[index] }))
  .sort((left, right) => right.accuracy - left.accuracy);
for (const { name, accuracy } of ranking) console.log(`${accuracy.toFixed(4)}  ${name}`);

writeArtifact('best', JSON.stringify(models[best]));
finish({ parameters: { name: models[best].name, ranking }, metadata: { best: { candidate: models[best].name } } });
