import type {
  Branch,
  CommandPart,
  ComponentDefinition,
  ContainerDefinition,
  GraphArgument,
  GraphDefinition,
} from './component-definition.ts';
import { didYouMean } from './nearest-names.ts';
import type { FieldReader } from './read-fields.ts';
import type { YamlNode } from './yaml-nodes.ts';

/** Every placeholder, fixed output path and graph argument must name something that exists, and a graph must have an order. */
export function checkReferences(reader: FieldReader, definition: ComponentDefinition, node: YamlNode, path: string): void {
  const inputs = definition.inputs.map((input) => input.name);
  const outputs = definition.outputs.map((output) => output.name);
  const names = { inputs, outputs, reader };
  const implementation = definition.implementation!;
  if (implementation.kind === 'container')
    checkContainer(names, implementation.container, below(node, 'container'), `${path}.container`);
  else checkGraph(names, implementation.graph, below(node, 'graph'), `${path}.graph`);
}

interface Names {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly reader: FieldReader;
}

/** The node of a field, for its line; the node itself when there is none. */
function below(node: YamlNode, ...steps: readonly (string | number)[]): YamlNode {
  let current = node;
  for (const step of steps) {
    if (typeof step === 'number') current = (current.kind === 'list' ? current.items[step] : undefined) ?? current;
    else if (current.kind === 'map') {
      current = current.entries.find(({ key }) => key.kind === 'scalar' && key.text === step)?.value ?? current;
    }
  }
  return current;
}

function checkContainer(names: Names, container: ContainerDefinition, node: YamlNode, path: string): void {
  for (const output of Object.keys(container.fileOutputs)) {
    checkOutput(names, output, below(node, 'fileOutputs', output), `${path}.fileOutputs.${output}`);
  }
  for (const field of ['command', 'args'] as const) {
    for (const [index, part] of (container[field] ?? []).entries()) {
      checkPart(names, part, below(node, field, index), `${path}.${field}[${index}]`);
    }
  }
}

function checkPart(names: Names, part: CommandPart, node: YamlNode, path: string): void {
  switch (part.kind) {
    case 'text':
    case 'outputMetadata':
    case 'executorInput':
      return;
    case 'outputPath':
    case 'outputUri':
      return checkOutput(names, part.output, node, path);
    case 'concat':
      for (const [index, item] of part.items.entries())
        checkPart(names, item, below(node, 'concat', index), `${path}.concat[${index}]`);
      return;
    case 'if':
      if (part.condition.kind !== 'constant')
        checkInput(names, part.condition.input, below(node, 'if', 'cond'), `${path}.if.cond`);
      checkBranch(names, part.whenTrue, below(node, 'if', 'then'), `${path}.if.then`);
      if (part.whenFalse !== undefined) checkBranch(names, part.whenFalse, below(node, 'if', 'else'), `${path}.if.else`);
      return;
    default:
      return checkInput(names, part.input, node, path);
  }
}

function checkBranch(names: Names, branch: Branch, node: YamlNode, path: string): void {
  if (!isParts(branch)) return checkPart(names, branch, node, path);
  for (const [index, part] of branch.entries()) checkPart(names, part, below(node, index), `${path}[${index}]`);
}

/** `Array.isArray` does not narrow a readonly array. */
export function isParts(branch: Branch): branch is readonly CommandPart[] {
  return Array.isArray(branch);
}

function checkInput(names: Names, input: string, node: YamlNode, path: string): void {
  if (!names.inputs.includes(input)) missing(names, node, path, 'input', input, names.inputs);
}

function checkOutput(names: Names, output: string, node: YamlNode, path: string): void {
  if (!names.outputs.includes(output)) missing(names, node, path, 'output', output, names.outputs);
}

function missing(names: Names, node: YamlNode, path: string, what: string, name: string, known: readonly string[]): void {
  const hint =
    didYouMean(name, known) ?? (known.length === 0 ? `the component declares no ${what}s` : `declared: ${known.join(', ')}`);
  names.reader.problem(node, path, `there is no ${what} "${name}"`, hint);
}

function checkGraph(names: Names, graph: GraphDefinition, node: YamlNode, path: string): void {
  for (const output of Object.keys(graph.outputValues)) {
    checkOutput(names, output, below(node, 'outputValues', output), `${path}.outputValues.${output}`);
  }
  for (const [id, task] of Object.entries(graph.tasks)) {
    for (const [input, argument] of Object.entries(task.arguments)) {
      const place = below(node, 'tasks', id, 'arguments', input);
      checkArgument(names, argument, Object.keys(graph.tasks), place, `${path}.tasks.${id}.arguments.${input}`);
    }
  }
  const stuck = cyclicTask(graph);
  if (stuck !== undefined) {
    const place = below(node, 'tasks', stuck);
    names.reader.problem(
      place,
      `${path}.tasks.${stuck}`,
      `task "${stuck}" depends on its own output, through other tasks or directly`,
    );
  }
}

function checkArgument(names: Names, argument: GraphArgument, tasks: readonly string[], node: YamlNode, path: string): void {
  if (argument.kind === 'graphInput') checkInput(names, argument.input, node, path);
  if (argument.kind === 'taskOutput' && !tasks.includes(argument.task)) missing(names, node, path, 'task', argument.task, tasks);
}

/** The first task that can never start, when tasks wait for each other. */
function cyclicTask(graph: GraphDefinition): string | undefined {
  const waiting = new Map(Object.entries(graph.tasks).map(([id, task]) => [id, producers(task.arguments)]));
  for (;;) {
    const ready = [...waiting].filter(([, needed]) => ![...needed].some((id) => waiting.has(id)));
    if (ready.length === 0) return waiting.keys().next().value;
    for (const [id] of ready) waiting.delete(id);
  }
}

function producers(taskArguments: Readonly<Record<string, GraphArgument>>): ReadonlySet<string> {
  return new Set(Object.values(taskArguments).flatMap((argument) => (argument.kind === 'taskOutput' ? [argument.task] : [])));
}
