import type { Problem } from '../base/errors.ts';
import type {
  ComponentSpec,
  ExecutorSpec,
  InputArtifactDefinition,
  OutputArtifactDefinition,
  OutputParameterDefinition,
  ParameterDefinition,
} from '../ir/spec.ts';
import type { CommandPart, ComponentDefinition, ComponentInput, ContainerDefinition } from './component-definition.ts';
import { isParts } from './check-references.ts';
import { irCommand } from './ir-command.ts';
import { irDefault, irPort, isTextType, type IrPort } from './ir-port.ts';
import { irComponentName, irPortName } from './port-names.ts';

export interface ToIrOptions {
  /**
   * How ports are divided into parameters and artifacts. `kfp`: by type alone, as the 2.x SDK does. `by-use`: the same, except
   * that an input the command takes by value only, and a port whose type stands for short text (GCSPath, URI …), is a STRING
   * parameter, and a default that does not fit its type is left out with a warning, so that components written for 1.x keep
   * working. Default: by-use.
   */
  readonly typing?: 'kfp' | 'by-use';
  /** The division of single ports, by the name in the file; wins over `typing`. */
  readonly as?: Readonly<Record<string, 'parameter' | 'artifact'>>;
}

export interface IrComponent {
  /** Clean name, without `comp-` or `exec-`. */
  readonly name: string;
  /** Its executorLabel is `exec-<name>`. */
  readonly component: ComponentSpec;
  readonly executor: ExecutorSpec;
  /** IR name of each port by its name in the file; inputs and outputs have separate names. */
  readonly inputNames: Readonly<Record<string, string>>;
  readonly outputNames: Readonly<Record<string, string>>;
  /** Paths inside the image that outputs are written to (by IR name). The IR itself has no place for them. */
  readonly fileOutputs: Readonly<Record<string, string>>;
}

export interface ToIrResult {
  /** Absent when a problem is more than a warning. */
  readonly ir?: IrComponent;
  readonly problems: readonly Problem[];
}

/** What a version 1 container component is in the IR, as the 2.x SDK loads it (see `typing` for the deliberate differences). */
export function toIr(component: ComponentDefinition, options: ToIrOptions = {}): ToIrResult {
  if (component.implementation?.kind !== 'container') {
    const message = component.implementation
      ? 'a graph component of version 1 cannot be used in the IR'
      : 'the component has no implementation';
    return { problems: [{ path: 'implementation', message, hint: 'write the graph as a pipeline and use that as a component' }] };
  }
  const { container } = component.implementation;
  const converter = new Converter(component, container, options);
  const { inputs, outputs } = converter.ports();
  const command = converter.command(container.command ?? [], 'implementation.container.command');
  const args = converter.command(container.args, 'implementation.container.args');
  const fileOutputs = converter.fileOutputs();
  const problems = converter.problems;
  if (problems.some((problem) => problem.severity !== 'warning')) return { problems };
  const name = irComponentName(component.name ?? 'name');
  const env = Object.entries(container.env).map(([key, value]) => ({ name: key, value }));
  const ir: IrComponent = {
    name,
    component: {
      inputDefinitions: inputs,
      outputDefinitions: outputs,
      executorLabel: `exec-${name}`,
      taskConfigPassthroughs: [],
    },
    executor: { kind: 'container', container: { image: container.image, command, args, env } },
    inputNames: Object.fromEntries(component.inputs.map((input) => [input.name, irPortName(input.name)])),
    outputNames: Object.fromEntries(component.outputs.map((output) => [output.name, irPortName(output.name)])),
    fileOutputs,
  };
  return { ir, problems };
}

class Converter {
  readonly problems: Problem[] = [];
  readonly #component: ComponentDefinition;
  readonly #container: ContainerDefinition;
  readonly #typing: 'kfp' | 'by-use';
  readonly #inputs: ReadonlyMap<string, IrPort>;
  readonly #outputs: ReadonlyMap<string, IrPort>;

  constructor(component: ComponentDefinition, container: ContainerDefinition, options: ToIrOptions) {
    this.#component = component;
    this.#container = container;
    this.#typing = options.typing ?? 'by-use';
    const uses = this.#typing === 'kfp' ? undefined : inputUses(container);
    this.#inputs = new Map(component.inputs.map((input) => [input.name, inputPort(input, options, uses)]));
    this.#outputs = new Map(
      component.outputs.map((output) => {
        const isText = this.#typing !== 'kfp' && isTextType(output.type);
        return [output.name, chosen(irPort(output.type), options.as?.[output.name] ?? (isText ? 'parameter' : undefined))];
      }),
    );
  }

  ports(): { readonly inputs: ComponentSpec['inputDefinitions']; readonly outputs: ComponentSpec['outputDefinitions'] } {
    const inputs = {
      parameters: {} as Record<string, ParameterDefinition>,
      artifacts: {} as Record<string, InputArtifactDefinition>,
    };
    const outputs = {
      parameters: {} as Record<string, OutputParameterDefinition>,
      artifacts: {} as Record<string, OutputArtifactDefinition>,
    };
    this.#checkNames('inputs', this.#component.inputs);
    this.#checkNames('outputs', this.#component.outputs);
    for (const input of this.#component.inputs) {
      const port = this.#inputs.get(input.name)!;
      const isOptional = input.optional || input.default !== undefined;
      const name = irPortName(input.name);
      if (port.kind === 'artifact')
        inputs.artifacts[name] = { artifactType: port.artifactType, isArtifactList: false, isOptional };
      else inputs.parameters[name] = this.#parameter(input, port, isOptional);
    }
    for (const output of this.#component.outputs) {
      const port = this.#outputs.get(output.name)!;
      const name = irPortName(output.name);
      if (port.kind === 'artifact')
        outputs.artifacts[name] = { artifactType: port.artifactType, metadata: {}, isArtifactList: false };
      else outputs.parameters[name] = { parameterType: port.parameterType };
    }
    return { inputs, outputs };
  }

  #parameter(input: ComponentInput, port: Extract<IrPort, { kind: 'parameter' }>, isOptional: boolean): ParameterDefinition {
    const { parameterType } = port;
    if (parameterType === 'TASK_FINAL_STATUS') return { parameterType, isOptional: true };
    if (input.default === undefined) return { parameterType, isOptional };
    const defaultValue = irDefault(input.default, parameterType);
    if (defaultValue !== undefined) return { parameterType, isOptional, defaultValue };
    const message = `the default "${input.default.text}" cannot be read as ${parameterType}`;
    const hint = 'correct the default or the type, or always pass a value';
    // The 2.x SDK refuses the component for it; one that worked in 1.x keeps working when the default goes.
    const severity = this.#typing === 'kfp' ? 'error' : 'warning';
    this.problems.push({ path: `inputs.${input.name}.default`, message, hint, severity });
    return { parameterType, isOptional };
  }

  /** Different names of the file may become one in the IR. */
  #checkNames(side: 'inputs' | 'outputs', ports: readonly { readonly name: string }[]): void {
    const taken = new Map<string, string>();
    for (const { name } of ports) {
      const clean = irPortName(name);
      const other = taken.get(clean);
      if (clean === '')
        this.problems.push({
          path: `${side}.${name}`,
          message: `nothing is left of the name "${name}" in the IR`,
          hint: 'use ASCII letters or digits',
        });
      else if (other !== undefined) {
        this.problems.push({
          path: `${side}.${name}`,
          message: `"${other}" and "${name}" are both "${clean}" in the IR`,
          hint: 'rename one of them',
        });
      }
      taken.set(clean, name);
    }
  }

  command(parts: readonly CommandPart[], path: string): readonly string[] {
    const kinds = {
      mustFit: this.#typing === 'kfp',
      input: (name: string) => this.#inputs.get(name)!.kind,
      output: (name: string) => this.#outputs.get(name)!.kind,
    };
    const { elements, problems } = irCommand(parts, path, kinds);
    this.problems.push(...problems);
    return elements;
  }

  fileOutputs(): Readonly<Record<string, string>> {
    const entries = Object.entries(this.#container.fileOutputs);
    for (const [output, path] of entries) {
      const message = `the image writes output "${output}" to the fixed path ${path}, which the IR cannot say`;
      const hint = 'use {outputPath: …} in the command line if the program lets you choose the path';
      this.problems.push({ path: `implementation.container.fileOutputs.${output}`, message, hint, severity: 'warning' });
    }
    return Object.fromEntries(entries.map(([output, path]) => [irPortName(output), path]));
  }
}

function inputPort(input: ComponentInput, options: ToIrOptions, uses: InputUses | undefined): IrPort {
  const byType = irPort(input.type);
  const wanted = options.as?.[input.name];
  if (wanted !== undefined || uses === undefined) return chosen(byType, wanted);
  const onlyByValue = uses.value.has(input.name) && !uses.file.has(input.name);
  const textAndNoFile = isTextType(input.type) && !uses.file.has(input.name);
  return chosen(byType, onlyByValue || textAndNoFile ? 'parameter' : undefined);
}

function chosen(port: IrPort, kind: 'parameter' | 'artifact' | undefined): IrPort {
  if (kind === undefined || kind === port.kind) return port;
  return kind === 'parameter' ? { kind, parameterType: 'STRING' } : irPort('Artifact');
}

interface InputUses {
  readonly value: Set<string>;
  readonly file: Set<string>;
}

/** Which inputs a command line mentions by value and which by path or URI. */
function inputUses(container: ContainerDefinition): InputUses {
  const uses: InputUses = { value: new Set(), file: new Set() };
  const visit = (part: CommandPart): void => {
    if (part.kind === 'inputValue') uses.value.add(part.input);
    else if (part.kind === 'inputPath' || part.kind === 'inputUri') uses.file.add(part.input);
    else if (part.kind === 'concat') part.items.forEach(visit);
    else if (part.kind === 'if') {
      for (const branch of [part.whenTrue, part.whenFalse ?? []]) (isParts(branch) ? branch : [branch]).forEach(visit);
    }
  };
  [...(container.command ?? []), ...container.args].forEach(visit);
  return uses;
}
