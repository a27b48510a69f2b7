import { dirname, resolve } from 'node:path';
import { ProductError, type Problem } from '../base/errors.ts';
import { isJsonObject } from '../base/json.ts';
import { loadComponentFromFile } from '../components/load-component.ts';
import type { LoadedComponent } from '../components/loaded-component.ts';
import type { LoadedInput, LoadedPort } from '../components/loaded-ports.ts';
import type { Argument, ArtifactChannel, ArtifactListChannel, Channel } from './channel.ts';
import { Place } from './call-site.ts';
import { addTask, type Component, componentOf } from './component.ts';
import type { ComponentDefinition } from './component-definition.ts';
import { type Inputs, type Outputs, portsOf } from './port-values.ts';
import { isAssignable, type Port, type PortType, portTypeText } from './port-types.ts';
import { Task } from './task.ts';

/** What a component of a file may be given when its types are not declared: anything the compiler can check. */
export type LooseArguments = Readonly<Record<string, Argument<never> | Argument<string> | number | boolean | object | undefined>>;
/** Fits every input; the compiler checks it. */
export type LooseChannel = Channel<never> & ArtifactChannel<never> & ArtifactListChannel<never>;

export interface LooseTask extends Task<Outputs> {
  /** An output by the name in the file or in the compiled pipeline. */
  get(name: string): LooseChannel;
}

/**
 * A component of a file (component.yaml or compiled) with its types declared; they are compared with the file. `source` is what
 * a loader gave, or a path relative to the file this is written in.
 */
export function useComponent<const I extends Inputs, const O extends Outputs>(
  source: ComponentSource,
  types: { readonly inputs: I; readonly outputs: O },
): Component<I, O>;
/** A component of a file, without types. */
export function useComponent(source: ComponentSource): (args?: LooseArguments) => LooseTask;
export function useComponent(source: ComponentSource, types?: { readonly inputs: Inputs; readonly outputs: Outputs }): unknown {
  const loaded = typeof source === 'string' ? loadComponentFromFile(besideCaller(source)) : source;
  const definition = definitionOf(loaded);
  if (types !== undefined) checkTypes(loaded, definition, types);
  if (types !== undefined) return componentOf(definition);
  const names = spellings(loaded.inputs);
  const call = (args: LooseArguments = {}): LooseTask => {
    const renamed = Object.fromEntries(Object.entries(args).map(([name, value]) => [names.get(name) ?? name, value]));
    return looseTask(new Task<Outputs>(addTask(definition, renamed)), spellings(loaded.outputs), loaded.name);
  };
  return Object.assign(call, { definition });
}

type ComponentSource = LoadedComponent | string;

function besideCaller(path: string): string {
  return resolve(dirname(new Place().callSite?.file ?? '.'), path);
}

function looseTask(task: Task<Outputs>, names: ReadonlyMap<string, string>, component: string): LooseTask {
  const outputs: Readonly<Record<string, unknown>> = task.outputs;
  const get = (name: string): LooseChannel => {
    const found = outputs[names.get(name) ?? name];
    if (found !== undefined) return found as LooseChannel;
    throw new ProductError('INVALID_PIPELINE', `${component} has no output "${name}"`, {
      hint: `it has ${Object.keys(outputs).join(', ') || 'none'}`,
    });
  };
  return Object.assign(task, { get }) as LooseTask;
}

function definitionOf(loaded: LoadedComponent): ComponentDefinition {
  const fragment = loaded.ir();
  return {
    name: fragment.name,
    inputs: Object.fromEntries(loaded.inputs.map((input) => [input.name, inputPort(input)])),
    outputs: Object.fromEntries(loaded.outputs.map((output) => [output.name, { type: portType(output), isOptional: false }])),
    passthroughs: fragment.component.taskConfigPassthroughs,
    implementation: { kind: 'loaded', fragment },
  };
}

function inputPort(input: LoadedInput): Port {
  const fromEngine = input.parameterType === 'TASK_FINAL_STATUS' || input.parameterType === 'TASK_CONFIG';
  return {
    type: portType(input),
    isOptional: input.optional || fromEngine,
    ...(input.default === undefined ? {} : { defaultValue: input.default }),
  };
}

function portType({ kind, parameterType, artifactType, isArtifactList }: LoadedPort): PortType {
  if (kind === 'parameter') return { kind, parameterType: parameterType ?? 'STRING' };
  return {
    kind,
    artifactType: isJsonObject(artifactType) ? artifactType : { schemaTitle: 'system.Artifact', schemaVersion: '0.0.1' },
    isList: isArtifactList,
  };
}

/** The name in the file and the name in the IR both lead to the name in the IR. */
function spellings(ports: readonly LoadedPort[]): ReadonlyMap<string, string> {
  return new Map(ports.flatMap(({ name, originalName }) => [[originalName, name] as const, [name, name] as const]));
}

function checkTypes(
  loaded: LoadedComponent,
  definition: ComponentDefinition,
  types: { readonly inputs: Inputs; readonly outputs: Outputs },
): void {
  const compare = (what: string, declared: Readonly<Record<string, Port>>, found: Readonly<Record<string, Port>>): Problem[] =>
    Object.entries(declared).flatMap(([name, { type }]) => {
      const other = found[name];
      if (other !== undefined && isAssignable(type, other.type)) return [];
      const message =
        other === undefined
          ? `the component has no ${what} "${name}"`
          : `the ${what} "${name}" is ${portTypeText(other.type)}, not ${portTypeText(type)}`;
      return [
        {
          path: `component ${loaded.name}`,
          message,
          ...(other === undefined ? { hint: `it has ${Object.keys(found).join(', ')}` } : {}),
        },
      ];
    });
  const problems = [
    ...compare('input', portsOf(types.inputs), definition.inputs),
    ...compare('output', portsOf(types.outputs), definition.outputs),
  ];
  if (problems.length > 0)
    throw new ProductError('INVALID_PIPELINE', `${loaded.name} has other types than declared`, { problems });
}
