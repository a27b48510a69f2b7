import type { Problem } from '../base/errors.ts';
import { argumentTexts, type Arguments, type DefaultsMode } from './argument-texts.ts';
import { isParts } from './check-references.ts';
import type { Branch, CommandPart, ComponentDefinition, ComponentInput, Condition } from './component-definition.ts';
import { fileName } from './port-names.ts';
import { parsePythonBoolean, pythonBooleanText } from './python-text.ts';

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
  /** Default: as-written. */
  readonly defaults?: DefaultsMode;
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
  const { texts, problems } = argumentTexts(component, given, options.defaults ?? 'as-written');
  const resolver = new Resolver(component, texts, options);
  for (const output of component.outputs) {
    const fixed = Object.hasOwn(container.fileOutputs, output.name) ? container.fileOutputs[output.name] : undefined;
    if (fixed !== undefined) resolver.outputPaths.set(output.name, fixed);
  }
  const command = resolver.expandList(container.command ?? [], 'command');
  const args = resolver.expandList(container.args, 'args');
  // A value that has no text would be reported as missing, too.
  if (problems.length > 0) return { problems };
  if (resolver.problems.length > 0) return { problems: resolver.problems };
  const { inputPaths, outputPaths, values } = resolver;
  const resolved = { command, args, inputPaths: record(inputPaths), outputPaths: record(outputPaths), values: record(values) };
  return { resolved, problems: [] };
}

function record(map: ReadonlyMap<string, string>): Readonly<Record<string, string>> {
  return Object.fromEntries(map);
}

class Resolver {
  readonly problems: Problem[] = [];
  readonly inputPaths = new Map<string, string>();
  readonly outputPaths = new Map<string, string>();
  readonly values = new Map<string, string>();
  readonly #inputs: ReadonlyMap<string, ComponentInput>;
  readonly #arguments: ReadonlyMap<string, string>;
  readonly #options: ResolveOptions;

  constructor(component: ComponentDefinition, texts: ReadonlyMap<string, string>, options: ResolveOptions) {
    this.#inputs = new Map(component.inputs.map((input) => [input.name, input]));
    this.#arguments = texts;
    this.#options = options;
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
