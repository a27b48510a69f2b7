import type { JsonValue } from '../base/json.ts';
import { nearestNames } from '../components/nearest-names.ts';
import { isOfType } from '../ir/values.ts';
import { isChannel } from '../sdk/channel.ts';
import { isAssignable, type Port, portTypeText } from '../sdk/port-types.ts';
import { Template } from '../sdk/template.ts';
import type { TaskNode } from '../sdk/trace.ts';
import { refsIn, withPlaceholders } from './constants.ts';
import type { PlacedProblems } from './placed-problems.ts';

/** What TypeScript cannot see or was told to ignore: arguments of a task against the inputs of its component. */
export function checkArguments(task: TaskNode, problems: PlacedProblems): void {
  const { definition, place } = task;
  const add = (message: string, hint?: string) => problems.add(place, message, hint);
  for (const [name, value] of Object.entries(task.arguments)) {
    const port = Object.hasOwn(definition.inputs, name) ? definition.inputs[name]! : undefined;
    if (port !== undefined) checkArgument({ task: task.name, name, value, port }, add);
    else add(`${definition.name} has no input "${name}"`, unknownHint(name, Object.keys(definition.inputs)));
  }
  for (const [name, port] of Object.entries(definition.inputs)) {
    if (!port.isOptional && port.defaultValue === undefined && !Object.hasOwn(task.arguments, name))
      add(`${task.name} is missing the input "${name}" (${portTypeText(port.type)})`);
  }
}

interface GivenArgument {
  readonly task: string;
  readonly name: string;
  readonly value: unknown;
  readonly port: Port;
}

function checkArgument({ task, name, value, port }: GivenArgument, add: (message: string, hint?: string) => void): void {
  const wanted = portTypeText(port.type);
  if (isChannel(value)) {
    // The fields of a dict have types only for TypeScript.
    if (value.ref.kind === 'field' && port.type.kind === 'parameter') return;
    if (!isAssignable(value.ref.type, port.type))
      add(`the input "${name}" of ${task} is ${wanted}, it was given ${portTypeText(value.ref.type)}`);
    return;
  }
  if (port.type.kind === 'artifact') {
    add(
      `the input "${name}" of ${task} is an artifact (${wanted}), it was given a constant`,
      'give it the output of a task or of importer(…)',
    );
    return;
  }
  const constant = withPlaceholders(value, () => '');
  const { parameterType } = port.type;
  if (!(value instanceof Template && parameterType === 'STRING') && !isOfType(parameterType, constant)) {
    add(`the input "${name}" of ${task} is ${wanted}, it was given ${JSON.stringify(constant) ?? 'nothing'}`);
  } else if (parameterType === 'NUMBER_INTEGER' && !Number.isInteger(constant)) {
    add(`the input "${name}" of ${task} is int, it was given ${JSON.stringify(constant)}`);
  }
  const { literals } = port;
  if (literals !== undefined && refsIn(value).length === 0 && !literals.includes(constant as JsonValue))
    add(
      `the input "${name}" of ${task} is one of ${literals.map((literal) => JSON.stringify(literal)).join(', ')}, it was given ${JSON.stringify(constant)}`,
    );
}

function unknownHint(name: string, known: readonly string[]): string {
  const [nearest] = nearestNames(name, known, 1);
  if (nearest !== undefined) return `did you mean "${nearest}"?`;
  return known.length === 0 ? 'it has no inputs' : `it has ${known.join(', ')}`;
}
