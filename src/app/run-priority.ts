import { ProductError } from '../base/errors.ts';
import { isJsonObject, type JsonObject } from '../base/json.ts';

/**
 * The priority of a run as its `plugins_input` gives it, which every client of the API can send and recurring runs keep:
 * `{"pipewright": {"priority": 10}}`. Undefined if it says nothing. Throws INVALID_ARGUMENTS.
 */
export function priorityOf(pluginsInput: JsonObject | undefined): number | undefined {
  const own = pluginsInput?.['pipewright'];
  const priority = isJsonObject(own) ? own['priority'] : undefined;
  if (priority === undefined || priority === null) return undefined;
  if (typeof priority === 'number' && Number.isSafeInteger(priority)) return priority;
  throw new ProductError('INVALID_ARGUMENTS', 'plugins_input.pipewright.priority must be a whole number', {
    hint: 'larger numbers go first; the default is 0',
  });
}
