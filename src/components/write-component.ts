import type { JsonValue } from '../base/json.ts';
import { writeYaml, YamlDouble } from '../base/yaml-writer.ts';
import { isParts } from './check-references.ts';
import type {
  Branch,
  CommandPart,
  ComponentDefinition,
  ComponentInput,
  ComponentOutput,
  Condition,
  Constant,
  ContainerDefinition,
  GraphArgument,
  GraphTask,
  Predicate,
} from './component-definition.ts';

/** Anything that can be written: JSON, and doubles that must keep their dot. */
type Writable = JsonValue | YamlDouble | readonly Writable[] | { readonly [key: string]: Writable | undefined };

/** The text of a version 1 `component.yaml`. Reading it gives an equal definition; what is absent or empty is left out. */
export function writeComponent(definition: ComponentDefinition): string {
  return writeYaml(definitionNode(definition));
}

const DEFAULT_VERSION = 'google.com/cloud/pipelines/component/v1';

function definitionNode(definition: ComponentDefinition): Writable {
  const { name, description, version, annotations, labels, inputs, outputs, implementation } = definition;
  return compact({
    name,
    description,
    metadata: nonEmpty(compact({ annotations: nonEmpty(annotations), labels: nonEmpty(labels) })),
    version: version === DEFAULT_VERSION ? undefined : version,
    inputs: inputs.length === 0 ? undefined : inputs.map(portNode),
    outputs: outputs.length === 0 ? undefined : outputs.map(portNode),
    implementation:
      implementation === undefined
        ? undefined
        : implementation.kind === 'container'
          ? { container: containerNode(implementation.container) }
          : {
              graph: {
                tasks: mapped(implementation.graph.tasks, taskNode),
                outputValues: mapped(implementation.graph.outputValues, argumentNode),
              },
            },
  });
}

function portNode(port: ComponentInput | ComponentOutput): Writable {
  const { name, type, description, annotations } = port;
  const preset = 'default' in port && port.default !== undefined ? constantNode(port.default) : undefined;
  const optional = 'optional' in port && port.optional ? true : undefined;
  return compact({ name, type, description, default: preset, optional, annotations: nonEmpty(annotations) });
}

function constantNode({ kind, value, text }: Constant): Writable {
  // Digits beyond 2^53 would be lost in a number, infinity has no common spelling; as text they mean the same to an input.
  if (kind === 'integer') return Number.isSafeInteger(value) ? value : text;
  if (kind === 'float') return Number.isFinite(value) ? new YamlDouble(Number(value)) : text;
  return value;
}

function containerNode({ image, command, args, env, fileOutputs }: ContainerDefinition): Writable {
  return compact({
    image,
    command: command?.map(partNode),
    args: args.length === 0 ? undefined : args.map(partNode),
    env: nonEmpty(env),
    fileOutputs: nonEmpty(fileOutputs),
  });
}

function partNode(part: CommandPart): Writable {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'executorInput':
    case 'outputMetadata':
      return { [part.kind]: null };
    case 'concat':
      return { concat: part.items.map(partNode) };
    case 'if': {
      const { condition, whenTrue, whenFalse } = part;
      const choice: [string, Writable][] = [
        ['cond', conditionNode(condition)],
        ['then', branchNode(whenTrue)],
      ];
      if (whenFalse !== undefined) choice.push(['else', branchNode(whenFalse)]);
      return { if: Object.fromEntries(choice) };
    }
    case 'outputPath':
    case 'outputUri':
      return { [part.kind]: part.output };
    default:
      return { [part.kind]: part.input };
  }
}

function branchNode(branch: Branch): Writable {
  return isParts(branch) ? branch.map(partNode) : partNode(branch);
}

function conditionNode(condition: Condition): Writable {
  return condition.kind === 'constant' ? condition.text : { [condition.kind]: condition.input };
}

function taskNode(task: GraphTask): Writable {
  const { componentRef, maxRetries, maxCacheStaleness, isEnabled, annotations } = task;
  const { spec, ...place } = componentRef;
  const options = compact({
    retryStrategy: maxRetries === undefined ? undefined : { maxRetries },
    cachingStrategy: maxCacheStaleness === undefined ? undefined : { maxCacheStaleness },
  });
  return compact({
    componentRef: compact({ ...place, spec: spec === undefined ? undefined : definitionNode(spec) }),
    arguments: nonEmpty(mapped(task.arguments, argumentNode)),
    isEnabled: isEnabled === undefined ? undefined : predicateNode(isEnabled),
    executionOptions: nonEmpty(options),
    annotations: nonEmpty(annotations),
  });
}

function argumentNode(argument: GraphArgument): Writable {
  switch (argument.kind) {
    case 'constant':
      return constantNode(argument.constant);
    case 'graphInput':
      return { graphInput: compact({ inputName: argument.input, type: argument.type }) };
    case 'taskOutput':
      return { taskOutput: compact({ taskId: argument.task, outputName: argument.output, type: argument.type }) };
  }
}

function predicateNode(predicate: Predicate): Writable {
  switch (predicate.kind) {
    case 'comparison':
      return { [predicate.operator]: { op1: argumentNode(predicate.left), op2: argumentNode(predicate.right) } };
    case 'and':
    case 'or':
      return { [predicate.kind]: { op1: predicateNode(predicate.left), op2: predicateNode(predicate.right) } };
    case 'not':
      return { not: predicateNode(predicate.operand) };
    default:
      return argumentNode(predicate);
  }
}

function compact(members: Readonly<Record<string, Writable | undefined>>): { readonly [key: string]: Writable } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    readonly [key: string]: Writable;
  };
}

function nonEmpty<Map extends object>(map: Map): Map | undefined {
  return Object.keys(map).length === 0 ? undefined : map;
}

function mapped<Value>(
  map: Readonly<Record<string, Value>>,
  node: (value: Value) => Writable,
): { readonly [key: string]: Writable } {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, node(value)]));
}
