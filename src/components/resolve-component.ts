import type { Problem } from '../base/errors.ts';
import { isParts } from './check-references.ts';
import type { Branch, CommandPart, ComponentDefinition, ComponentInput, Condition } from './component-definition.ts';
import { didYouMean } from './nearest-names.ts';
import { fileName } from './port-names.ts';
import { parsePythonBoolean, parsePythonFloat, parsePythonInteger, pythonBooleanText, pythonFloatText } from './python-text.ts';
import { serializeValue, type ArgumentValue } from './serialize-value.ts';

/** Values by input name (the names of the file, not their Python forms). An input that is undefined counts as not passed. */
export type Arguments = Readonly<Record<string, ArgumentValue | undefined>>;

export interface ResolvedComponent {
  readonly command: readonly string[];
  readonly args: readonly string[];
  /** Where the step expects the content of an input, by input name; only inputs the command line mentions by path. */
  readonly inputPaths: Readonly<Record<string, string>>;
  /** Where the step writes its outputs, by output name: fixed paths (fileOutputs) first, then those of the command line. */
  readonly outputPaths: Readonly<Record<string, string>>;
  /** Inputs the command line mentions by value, with the text that was put in. */
  readonly values: Readonly<Record<string, string>>;
}

export interface ResolveOptions {
  /** Path of an input's file. Default: `/tmp/inputs/<name>/data`. */
  readonly inputPath?: (input: string) => string;
  /** Path of an output's file. Default: `/tmp/outputs/<name>/data`. */
  readonly outputPath?: (output: string) => string;
}

export interface ResolveResult {
  /** Absent when there are problems. */
  readonly resolved?: ResolvedComponent;
  readonly problems: readonly Problem[];
}

/** The 1.8 SDK gives this path for the metadata of outputs and, by accident of its path arithmetic, of inputs too. */
const OUTPUT_METADATA_PATH = '/tmp/outputs/executor_output.json';

/**
 * The command line of a container component for given arguments, as the 1.8 SDK makes it: placeholders replaced, arguments that
 * were left out filled with defaults, optional ones without a value dropped (only the placeholder itself, not the flag before it).
 */
export function resolveComponent(component: ComponentDefinition, given: Arguments, options: ResolveOptions = {}): ResolveResult {
  if (component.implementation?.kind !== 'container') {
    const message = `only a container component has a command line; this is ${component.implementation ? 'a graph' : 'a component without implementation'}`;
    return { problems: [{ path: 'implementation', message }] };
  }
  const { container } = component.implementation;
  const resolver = new Resolver(component, options);
  const checked = resolver.takeArguments(given);
  for (const output of component.outputs) {
    const fixed = Object.hasOwn(container.fileOutputs, output.name) ? container.fileOutputs[output.name] : undefined;
    if (fixed !== undefined) resolver.outputPaths.set(output.name, fixed);
  }
  const command = resolver.expandList(container.command ?? [], 'command');
  const args = resolver.expandList(container.args, 'args');
  if (!checked || resolver.problems.length > 0) return { problems: resolver.problems };
  const { inputPaths, outputPaths, values } = resolver;
  const resolved = { command, args, inputPaths: record(inputPaths), outputPaths: record(outputPaths), values: record(values) };
  return { resolved, problems: [] };
}

function record(map: ReadonlyMap<string, string>): Readonly<Record<string, string>> {
  return Object.fromEntries(map);
}

/** One value of each kind that is no text, to ask whether a type takes the kind. */
const SAMPLES = { integer: 1, float: 0.5, boolean: true } as const;

class Resolver {
  readonly problems: Problem[] = [];
  readonly inputPaths = new Map<string, string>();
  readonly outputPaths = new Map<string, string>();
  readonly values = new Map<string, string>();
  readonly #inputs: ReadonlyMap<string, ComponentInput>;
  readonly #arguments = new Map<string, string>();
  readonly #options: ResolveOptions;
  /** Inputs left to a default whose kind the declared type has no text for. */
  readonly #misfits = new Set<string>();

  constructor(component: ComponentDefinition, options: ResolveOptions) {
    this.#inputs = new Map(component.inputs.map((input) => [input.name, input]));
    this.#options = options;
  }

  /** Turns the arguments and the defaults of what was left out into text; false when one of them has no text. */
  takeArguments(given: Arguments): boolean {
    for (const name of Object.keys(given)) {
      if (this.#inputs.has(name) || given[name] === undefined) continue;
      const known = [...this.#inputs.keys()];
      this.#problem(
        `arguments.${name}`,
        `there is no input "${name}"`,
        didYouMean(name, known) ?? `inputs: ${known.join(', ') || 'none'}`,
      );
    }
    for (const input of this.#inputs.values()) {
      const value = Object.hasOwn(given, input.name) ? given[input.name] : undefined;
      const text = value === undefined ? this.#defaultText(input) : this.#argumentText(input, value);
      if (text !== undefined) this.#arguments.set(input.name, text);
    }
    return this.problems.length === 0;
  }

  #argumentText(input: ComponentInput, value: ArgumentValue): string | undefined {
    const serialized = serializeValue(value, input.type);
    return serialized.ok
      ? serialized.text
      : this.#problem(`arguments.${input.name}`, serialized.message, 'pass text, or a value of the declared type');
  }

  /** Integer and Float defaults are read as such and written again, so that "1" becomes 1.0 for a Float. */
  #defaultText(input: ComponentInput): string | undefined {
    const constant = input.default;
    if (constant === undefined) return undefined;
    if (input.type === 'Integer') return this.#wholeDefault(input, constant.text);
    if (input.type === 'Float') {
      const value = parsePythonFloat(constant.kind === 'boolean' ? String(Number(constant.value)) : constant.text);
      return value === undefined ? this.#badDefault(input, 'number') : pythonFloatText(value);
    }
    const fits = constant.kind === 'string' || serializeValue(SAMPLES[constant.kind], input.type).ok;
    if (!fits) this.#misfits.add(input.name);
    return constant.text;
  }

  #wholeDefault(input: ComponentInput, text: string): string | undefined {
    const constant = input.default!;
    if (constant.kind === 'boolean') return constant.value === true ? '1' : '0';
    if (constant.kind === 'float')
      return Number.isFinite(constant.value)
        ? BigInt(Math.trunc(Number(constant.value))).toString()
        : this.#badDefault(input, 'whole number');
    return parsePythonInteger(text)?.toString() ?? this.#badDefault(input, 'whole number');
  }

  #badDefault(input: ComponentInput, expected: string): undefined {
    return this.#problem(
      `inputs.${input.name}.default`,
      `the default "${input.default!.text}" is no ${expected}`,
      `pass a value for "${input.name}" or correct the default`,
    );
  }

  expandList(parts: readonly CommandPart[], path: string): string[] {
    return parts.flatMap((part, index) => this.#expand(part, `${path}[${index}]`));
  }

  /** The elements a part becomes: none when an optional input is absent, several when a branch is a list. */
  #expand(part: CommandPart, path: string): readonly string[] {
    switch (part.kind) {
      case 'text':
        return [part.text];
      case 'executorInput':
        return ['{{$}}'];
      case 'outputMetadata':
        return [OUTPUT_METADATA_PATH];
      case 'outputPath':
        return [this.#outputPath(part.output, path)];
      case 'outputUri':
        return [`{{$.outputs.artifacts['${part.output}'].uri}}`];
      case 'concat':
        return [this.expandList(part.items, `${path}.concat`).join('')];
      case 'if':
        return this.#expandIf(part.condition, part.whenTrue, part.whenFalse, path);
      case 'inputValue':
        return this.#input(part.input, path, (text) => this.#value(part.input, text));
      case 'inputPath':
        return this.#input(part.input, path, () => this.#inputPath(part.input));
      case 'inputUri':
        return this.#input(part.input, path, () => `{{$.inputs.artifacts['${part.input}'].uri}}`);
      case 'inputMetadata':
        return this.#input(part.input, path, () => OUTPUT_METADATA_PATH);
      case 'inputOutputPortName':
        return this.#input(part.input, path, () => `{{kfp.input-output-name.${part.input}}}`);
    }
  }

  #expandIf(condition: Condition, whenTrue: Branch, whenFalse: Branch | undefined, path: string): readonly string[] {
    const branch = this.#isTrue(condition, `${path}.if.cond`) ? whenTrue : whenFalse;
    if (branch === undefined) return [];
    return isParts(branch) ? this.expandList(branch, `${path}.if`) : this.#expand(branch, `${path}.if`);
  }

  /** No text and empty text are false; other text must be a word for true or false. */
  #isTrue(condition: Condition, path: string): boolean {
    const text = this.#conditionText(condition, path);
    if (text === undefined || text === '') return false;
    const value = parsePythonBoolean(text);
    if (value === undefined) this.#problem(path, `"${text}" says neither true nor false`, 'use true or false');
    return value ?? false;
  }

  #conditionText(condition: Condition, path: string): string | undefined {
    switch (condition.kind) {
      case 'constant':
        return condition.text;
      case 'isPresent':
        return pythonBooleanText(this.#arguments.has(condition.input));
      case 'inputValue':
        return this.#input(condition.input, path, (text) => this.#value(condition.input, text))[0];
    }
  }

  #input(name: string, path: string, use: (text: string) => string): readonly string[] {
    const text = this.#arguments.get(name);
    if (text !== undefined) return [use(text)];
    const input = this.#inputs.get(name);
    if (input?.optional !== true && input?.type !== 'PipelineTaskFinalStatus') {
      this.#problem(
        path,
        `no value was given for input "${name}"`,
        'pass an argument, or make the input optional in the component',
      );
    }
    return [];
  }

  #value(name: string, text: string): string {
    const input = this.#inputs.get(name)!;
    // Such a default is only wrong once somebody wants its text.
    if (this.#misfits.has(name)) this.#badDefault(input, `value of type ${JSON.stringify(input.type)}`);
    this.values.set(name, text);
    return text;
  }

  #inputPath(name: string): string {
    const path = this.#options.inputPath?.(name) ?? `/tmp/inputs/${fileName(name)}/data`;
    this.inputPaths.set(name, path);
    return path;
  }

  #outputPath(name: string, place: string): string {
    const path = this.#options.outputPath?.(name) ?? `/tmp/outputs/${fileName(name)}/data`;
    const before = this.outputPaths.get(name);
    if (before !== undefined && before !== path) {
      this.#problem(
        place,
        `output "${name}" has two paths: ${before} (fileOutputs) and ${path} (outputPath)`,
        'keep one of the two',
      );
    }
    this.outputPaths.set(name, before ?? path);
    return path;
  }

  #problem(path: string, message: string, hint: string): undefined {
    this.problems.push({ path, message, hint });
    return undefined;
  }
}
