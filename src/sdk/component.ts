import { Place } from './call-site.ts';
import type { ComponentDefinition } from './component-definition.ts';
import {
  artifactPlaceholder,
  type ArtifactPlaceholder,
  type CommandElement,
  elementText,
  outputPlaceholder,
  type OutputPlaceholder,
  valuePlaceholder,
  type ValuePlaceholder,
} from './placeholders.ts';
import { type CallOf, type Inputs, type Outputs, portsOf } from './port-values.ts';
import { Task } from './task.ts';
import { DEFAULT_SETTINGS } from './task-settings.ts';
import { currentTrace, type TaskNode } from './trace.ts';
import type { ArtifactToken, InputToken, OutputToken } from './types.ts';
import type { TaskConfigField } from '../ir/spec.ts';

/** Makes a task of a pipeline when it is called inside the pipeline's function. */
export interface Component<I extends Inputs, O extends Outputs> {
  (...args: CallOf<I>): Task<O>;
  readonly definition: ComponentDefinition;
}

export type InputPlaceholders<I extends Inputs> = { readonly [Key in keyof I]: InputPlaceholder<I[Key]> };
type InputPlaceholder<Token extends InputToken> =
  Token extends ArtifactToken<string, boolean, boolean> ? ArtifactPlaceholder : ValuePlaceholder;
export type OutputPlaceholders<O extends Outputs> = { readonly [Key in keyof O]: OutputPlaceholderOf<O[Key]> };
type OutputPlaceholderOf<Token extends OutputToken> =
  Token extends ArtifactToken<string, boolean, boolean> ? ArtifactPlaceholder : OutputPlaceholder;

export interface CommandPlaceholders<I extends Inputs, O extends Outputs> {
  readonly inputs: InputPlaceholders<I>;
  readonly outputs: OutputPlaceholders<O>;
}

export interface ContainerOptions<I extends Inputs, O extends Outputs> {
  readonly name: string;
  readonly image: string;
  readonly inputs?: I;
  readonly outputs?: O;
  /** Default: the image's own entry point. */
  readonly command?: Elements<I, O>;
  readonly args?: Elements<I, O>;
  readonly env?: Readonly<Record<string, string>>;
  /** Settings that go into the `taskConfig` input instead of, or besides, the step's own pod. */
  readonly taskConfigPassthroughs?: readonly (
    | TaskConfigField
    | { readonly field: TaskConfigField; readonly applyToTask: boolean }
  )[];
}

type Elements<I extends Inputs, O extends Outputs> =
  | readonly CommandElement[]
  | ((placeholders: CommandPlaceholders<I, O>) => readonly CommandElement[]);

/** A component that runs a program of an image. */
export function containerComponent<const I extends Inputs = {}, const O extends Outputs = {}>(
  options: ContainerOptions<I, O>,
): Component<I, O> {
  const inputs = portsOf(options.inputs ?? {});
  const outputs = portsOf(options.outputs ?? {});
  const placeholders = {
    inputs: Object.fromEntries(
      Object.entries(inputs).map(([name, { type }]) => [
        name,
        type.kind === 'artifact' ? artifactPlaceholder('inputs', name) : valuePlaceholder(name),
      ]),
    ),
    outputs: Object.fromEntries(
      Object.entries(outputs).map(([name, { type }]) => [
        name,
        type.kind === 'artifact' ? artifactPlaceholder('outputs', name) : outputPlaceholder(name),
      ]),
    ),
  } as CommandPlaceholders<I, O>;
  const texts = (elements: Elements<I, O> = []) =>
    (typeof elements === 'function' ? elements(placeholders) : elements).map(elementText);
  return componentOf({
    name: options.name,
    inputs,
    outputs,
    passthroughs: (options.taskConfigPassthroughs ?? []).map((entry) =>
      typeof entry === 'string' ? { field: entry, applyToTask: false } : entry,
    ),
    implementation: {
      kind: 'container',
      image: options.image,
      command: texts(options.command),
      args: texts(options.args),
      env: options.env ?? {},
    },
  });
}

/** The callable for a definition. */
export function componentOf<I extends Inputs, O extends Outputs>(definition: ComponentDefinition): Component<I, O> {
  const call = (args: Readonly<Record<string, unknown>> = {}) => new Task<O>(addTask(definition, args));
  return Object.assign(call as unknown as (...args: CallOf<I>) => Task<O>, { definition });
}

/** Records a task in the open scope. */
export function addTask(definition: ComponentDefinition, args: Readonly<Record<string, unknown>>): TaskNode {
  const trace = currentTrace(`the component "${definition.name}"`);
  const name = trace.names.take(taskName(definition.name));
  const given = Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined));
  const node: TaskNode = {
    name,
    definition,
    arguments: given,
    place: new Place(),
    scope: trace.current,
    settings: DEFAULT_SETTINGS,
  };
  trace.tasks.set(name, node);
  trace.current.tasks.push(node);
  return node;
}

/** Lower case letters, digits and single hyphens, as Kubernetes wants it. */
export function taskName(name: string): string {
  const clean = name
    .toLowerCase()
    .replace(/[^0-9a-z-]+/g, '-')
    .replace(/-+/g, '-')
    .replace(/^-|-$/g, '');
  return clean === '' ? 'task' : clean;
}
