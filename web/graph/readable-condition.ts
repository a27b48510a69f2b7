/** A condition as it was written: `inputs.parameter_values['pipelinechannel--train-accuracy'] > 0.9` → `train-accuracy > 0.9`. */
export function readableCondition(condition: string): string {
  return condition
    .replace(/inputs\.parameter_values\['(?:pipelinechannel--)?([^']+)'\]/g, '$1')
    .replace(/\b(?:int|double|string|bool)\(([^()]*)\)/g, '$1')
    .replace(/\s+/g, ' ')
    .trim();
}
