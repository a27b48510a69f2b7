import type { Problem } from '../base/errors.ts';
import { isParts } from './check-references.ts';
import type { Branch, CommandPart } from './component-definition.ts';
import { irPortName } from './port-names.ts';
import { parsePythonBoolean, pythonJson } from './python-text.ts';

/** A command line element of the IR: text with placeholders, or a structure that is written as JSON (IR reference §5.4). */
type Element = string | { readonly [key: string]: unknown };

/** What is asked about the ports while placeholders are written. */
export interface PortKinds {
  /** Whether it is an error, as in the 2.x SDK, that a placeholder does not fit its port; else it is a warning. */
  readonly mustFit: boolean;
  readonly input: (name: string) => 'parameter' | 'artifact';
  readonly output: (name: string) => 'parameter' | 'artifact';
}

/**
 * A version 1 command line in the IR's placeholders. Conditions and concatenations that depend on arguments become
 * `{"IfPresent": …}` and `{"Concat": …}`; conditions that do not are decided here.
 */
export function irCommand(
  parts: readonly CommandPart[],
  path: string,
  kinds: PortKinds,
): { readonly elements: readonly string[]; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const writer = new ElementWriter(kinds, problems);
  const elements = parts.flatMap((part, index) => writer.elements(part, `${path}[${index}]`));
  return {
    elements: elements.map((element) => (typeof element === 'string' ? element : pythonJson(element, { sortKeys: false }))),
    problems,
  };
}

class ElementWriter {
  readonly #kinds: PortKinds;
  readonly #problems: Problem[];

  constructor(kinds: PortKinds, problems: Problem[]) {
    this.#kinds = kinds;
    this.#problems = problems;
  }

  elements(part: CommandPart, path: string): readonly Element[] {
    switch (part.kind) {
      case 'text':
        return [part.text];
      case 'executorInput':
        return ['{{$}}'];
      case 'outputMetadata':
        return ['{{$.outputs.output_file}}'];
      case 'concat':
        return [{ Concat: part.items.flatMap((item, index) => this.#single(item, `${path}.concat[${index}]`)) }];
      case 'if':
        return this.#if(part, path);
      case 'outputPath':
      case 'outputUri':
        return [this.#output(part.kind, part.output, path)];
      default:
        return this.#input(part.kind, part.input, path);
    }
  }

  #if(part: Extract<CommandPart, { kind: 'if' }>, path: string): readonly Element[] {
    const { condition, whenTrue, whenFalse } = part;
    if (condition.kind === 'inputValue') {
      const hint = 'only isPresent can be decided when the step starts; use it, or test the value inside the program';
      this.#problem(`${path}.if.cond`, 'a condition on the value of an input has no form in the IR', hint);
      return [];
    }
    if (condition.kind === 'constant') {
      const branch = parsePythonBoolean(condition.text) === true ? whenTrue : whenFalse;
      return branch === undefined ? [] : this.#parts(branch, `${path}.if`);
    }
    const otherwise = whenFalse === undefined ? undefined : this.#branch(whenFalse, `${path}.if.else`);
    const none = otherwise === undefined || (Array.isArray(otherwise) && otherwise.length === 0);
    const choice = {
      InputName: irPortName(condition.input),
      Then: this.#branch(whenTrue, `${path}.if.then`),
      ...(none ? {} : { Else: otherwise }),
    };
    return [{ IfPresent: choice }];
  }

  #branch(branch: Branch, path: string): Element | readonly Element[] {
    const elements = this.#parts(branch, path);
    return isParts(branch) || elements.length !== 1 ? elements : elements[0]!;
  }

  #parts(branch: Branch, path: string): readonly Element[] {
    if (!isParts(branch)) return this.elements(branch, path);
    return branch.flatMap((part, index) => this.elements(part, `${path}[${index}]`));
  }

  /** Inside a concatenation a branch must be one element, so the elements of a list are joined in turn. */
  #single(part: CommandPart, path: string): readonly Element[] {
    if (part.kind !== 'if') return this.elements(part, path);
    const joined = (branch: Branch): Branch => (isParts(branch) ? { kind: 'concat', items: branch } : branch);
    const { whenTrue, whenFalse } = part;
    return this.#if(
      { ...part, whenTrue: joined(whenTrue), ...(whenFalse === undefined ? {} : { whenFalse: joined(whenFalse) }) },
      path,
    );
  }

  #input(
    kind: 'inputValue' | 'inputPath' | 'inputUri' | 'inputMetadata' | 'inputOutputPortName',
    input: string,
    path: string,
  ): readonly Element[] {
    const name = irPortName(input);
    const isParameter = this.#kinds.input(input) === 'parameter';
    if (kind === 'inputMetadata' || kind === 'inputOutputPortName') {
      this.#problem(
        path,
        `${kind} has no form in the IR`,
        'use {executorInput: null}, which carries the metadata of every artifact',
      );
      return [];
    }
    if (kind === 'inputValue') {
      if (!isParameter)
        this.#misfit(
          path,
          `"${input}" is an artifact, but the command wants its value`,
          'use inputPath, or load the component with this input as a parameter',
        );
      return [`{{$.inputs.parameters['${name}']}}`];
    }
    if (isParameter)
      this.#misfit(
        path,
        `"${input}" is a parameter, but the command wants a file`,
        'use inputValue, or load the component with this input as an artifact',
      );
    return [`{{$.inputs.artifacts['${name}'].${kind === 'inputPath' ? 'path' : 'uri'}}}`];
  }

  #output(kind: 'outputPath' | 'outputUri', output: string, path: string): string {
    const name = irPortName(output);
    const isParameter = this.#kinds.output(output) === 'parameter';
    if (kind === 'outputPath')
      return isParameter ? `{{$.outputs.parameters['${name}'].output_file}}` : `{{$.outputs.artifacts['${name}'].path}}`;
    if (isParameter)
      this.#misfit(
        path,
        `"${output}" is a parameter and has no URI`,
        'use outputPath, or load the component with this output as an artifact',
      );
    return `{{$.outputs.artifacts['${name}'].uri}}`;
  }

  #problem(path: string, message: string, hint: string): void {
    this.#problems.push({ path, message, hint });
  }

  #misfit(path: string, message: string, hint: string): void {
    this.#problems.push({ path, message, hint, severity: this.#kinds.mustFit ? 'error' : 'warning' });
  }
}
