import { ProductError, type Problem } from '../base/errors.ts';
import type { ComponentSpec, ExecutorSpec, PipelineDocument, PlatformSpec } from '../ir/spec.ts';
import type { Arguments } from './argument-texts.ts';
import type { ComponentDefinition } from './component-definition.ts';
import { definitionPorts, documentPorts, type LoadedInput, type LoadedPort } from './loaded-ports.ts';
import { irComponentName, irPortName, uniquePythonNames } from './port-names.ts';
import { resolveComponent, type ResolvedComponent, type ResolveOptions } from './resolve-component.ts';
import { toIr, type ToIrOptions } from './to-ir.ts';

/** A component read from a file, ready to become a task: of version 1 (component.yaml) or a compiled one (IR). */
export interface LoadedComponent {
  readonly kind: 'v1' | 'ir';
  /** As written in the file; "Component" when the file has no name. */
  readonly name: string;
  readonly description?: string;
  readonly inputs: readonly LoadedInput[];
  readonly outputs: readonly LoadedPort[];
  /** SHA-256 of the file with Windows line ends counted as `\n`. */
  readonly digest: string;
  /** File path or URL it came from. */
  readonly source?: string;
  readonly warnings: readonly Problem[];
  /** Version 1 only. */
  readonly definition?: ComponentDefinition;
  /** The parts a compiled pipeline needs. Throws a ProductError when the IR cannot express the component. */
  ir(options?: ToIrOptions): IrFragment;
  /** The command line for given arguments, which may use any of the names of an input (file, Python, IR). Throws a ProductError for wrong arguments, and for a compiled component. */
  resolve(given: Arguments, options?: ResolveOptions): ResolvedComponent;
}

export interface IrFragment {
  /** Clean name for keys: `comp-<name>`, `exec-<name>`. */
  readonly name: string;
  /** The component of the task itself. */
  readonly component: ComponentSpec;
  /** Present when the component runs a container (or another executor); its label is `component.executorLabel`. */
  readonly executor?: ExecutorSpec;
  /** What a component that is a whole pipeline refers to; empty otherwise. */
  readonly components: Readonly<Record<string, ComponentSpec>>;
  readonly executors: Readonly<Record<string, ExecutorSpec>>;
  readonly platform: PlatformSpec;
  /** Fixed paths in the image that outputs (by IR name) are written to; version 1 only. */
  readonly fileOutputs: Readonly<Record<string, string>>;
}

export interface Origin {
  readonly digest: string;
  readonly source?: string;
  readonly warnings: readonly Problem[];
}

const NO_PLATFORM: PlatformSpec = { executors: {}, pipelineConfig: {} };

export function loadedFromDefinition(
  definition: ComponentDefinition,
  origin: Origin,
  defaults: ToIrOptions = {},
): LoadedComponent {
  const ir = (options: ToIrOptions = {}) => {
    const { ir: converted, problems } = toIr(definition, { ...defaults, ...options });
    if (converted === undefined) {
      throw new ProductError(
        'UNSUPPORTED',
        `component "${definition.name ?? 'Component'}" cannot be used in a compiled pipeline`,
        { problems },
      );
    }
    return converted;
  };
  return {
    kind: 'v1',
    name: definition.name ?? 'Component',
    ...(definition.description === undefined ? {} : { description: definition.description }),
    ...definitionPorts(definition, toIr(definition, defaults).ir?.component),
    ...origin,
    definition,
    ir(options) {
      const { name, component, executor, fileOutputs } = ir(options);
      return { name, component, executor, fileOutputs, components: {}, executors: {}, platform: NO_PLATFORM };
    },
    resolve(given, options) {
      const { resolved, problems } = resolveComponent(definition, byOriginalName(definition, given), options);
      if (resolved !== undefined) return resolved;
      throw new ProductError(
        'INVALID_ARGUMENTS',
        `component "${definition.name ?? 'Component'}" cannot run with these arguments`,
        { problems },
      );
    },
  };
}

/** Arguments under the names of the file; a name that is no input's stays, to be reported. */
function byOriginalName({ inputs }: ComponentDefinition, given: Arguments): Arguments {
  const originals = inputs.map((input) => input.name);
  const pythonic = new Map([...uniquePythonNames(originals)].map(([original, python]) => [python, original]));
  const ofIr = new Map(originals.map((original) => [irPortName(original), original]));
  const entries = Object.entries(given).map(([name, value]) => {
    const original = originals.includes(name) ? name : (pythonic.get(name) ?? ofIr.get(name) ?? name);
    return [original, value] as const;
  });
  return Object.fromEntries(entries);
}

/**
 * A compiled file as a component. As in the 2.x SDK it is a single container when it has an executor named like the pipeline,
 * and else the whole pipeline is used as one task.
 */
export function loadedFromDocument(document: PipelineDocument, origin: Origin, description?: string): LoadedComponent {
  const { spec, platform } = document;
  const name = irComponentName(spec.pipelineInfo.name);
  const label = `exec-${name}`;
  const executor = Object.hasOwn(spec.executors, label) ? spec.executors[label] : undefined;
  const inner = Object.hasOwn(spec.components, `comp-${name}`) ? spec.components[`comp-${name}`] : undefined;
  const component = executor === undefined ? spec.root : asLeaf(inner ?? spec.root, label);
  const shared = { name, component, platform, fileOutputs: {} };
  const fragment: IrFragment =
    executor === undefined
      ? { ...shared, components: spec.components, executors: spec.executors }
      : { ...shared, executor, components: {}, executors: {} };
  const text = spec.pipelineInfo.description ?? description;
  return {
    kind: 'ir',
    name: spec.pipelineInfo.name,
    ...(text === undefined ? {} : { description: text }),
    ...documentPorts(component),
    ...origin,
    ir: () => fragment,
    resolve() {
      const hint = 'its placeholders are filled in when the step starts; run it as a task of a pipeline';
      throw new ProductError(
        'UNSUPPORTED',
        `"${spec.pipelineInfo.name}" is a compiled component, its command line depends on the run`,
        { hint },
      );
    },
  };
}

function asLeaf(component: ComponentSpec, executorLabel: string): ComponentSpec {
  const { dag: _, ...rest } = component;
  return { ...rest, executorLabel };
}
