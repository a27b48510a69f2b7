import { ProductError } from '../base/errors.ts';

/**
 * Visualisations are Python code that a client sends to be run beside the server. That is off in the reference server unless its
 * operator allows it, and this server does not have it.
 */
export function refuseVisualization(): never {
  throw new ProductError('UNSUPPORTED', 'Python visualisations are not available on this server', {
    hint: "look at the artifact's page, or write an HTML or Markdown artifact in the step",
  });
}
