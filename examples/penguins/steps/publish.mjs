// The model is good enough: hands it over together with a card that says what it is.
import { finish, parameters, readJson, writeArtifact } from './step.mjs';

const model = readJson('model');
const card = { name: 'penguin-species', candidate: model.name, features: model.features, accuracy: parameters.accuracy };
writeArtifact('released', JSON.stringify({ card, model }));
const verdict = `released: "${model.name}" is right for ${(100 * parameters.accuracy).toFixed(1)} % of the test set`;
console.log(verdict);
finish({ parameters: { verdict }, metadata: { released: card } });
