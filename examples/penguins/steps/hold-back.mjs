// The model is not good enough: says by how much.
import { finish, parameters } from './step.mjs';

const { accuracy, min_accuracy: wanted } = parameters;
const verdict = `held back: ${(100 * accuracy).toFixed(1)} % on the test set, ${(100 * wanted).toFixed(1)} % are wanted`;
console.log(verdict);
finish({ parameters: { verdict } });
