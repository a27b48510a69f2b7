import { closingIndex, pythonValue, splitAt, tokenText, type PythonValue } from './python-literals.ts';
import { pythonTokens, type PythonToken } from './python-tokens.ts';

/** A function at the top of a Python module, as far as it can be known without running the module. */
export interface PythonFunction {
  readonly name: string;
  readonly line: number;
  readonly decorators: readonly PythonDecorator[];
  readonly parameters: readonly PythonParameter[];
  /** The annotation behind `->`. */
  readonly returns?: string;
  readonly docstring?: string;
}

export interface PythonDecorator {
  /** Dotted name: `dsl.component`. */
  readonly name: string;
  readonly arguments: Readonly<Record<string, PythonValue>>;
}

export interface PythonParameter {
  readonly name: string;
  readonly annotation?: string;
  readonly default?: PythonValue;
  readonly line: number;
}

/** A class with annotated fields, as `class Outputs(NamedTuple):` has them. */
export interface PythonRecord {
  readonly name: string;
  readonly fields: readonly PythonParameter[];
}

export interface PythonModule {
  readonly functions: readonly PythonFunction[];
  readonly records: readonly PythonRecord[];
}

export function readPythonModule(source: string): PythonModule {
  const functions: PythonFunction[] = [];
  const records: PythonRecord[] = [];
  let decorators: PythonDecorator[] = [];
  const constants = new Map<string, PythonValue>();
  const lines = logicalLines(pythonTokens(source));
  for (const [index, line] of lines.entries()) {
    const [first, second] = line;
    if (first!.column !== 0) continue;
    const isFunction = first!.text === 'def' || (first!.text === 'async' && second?.text === 'def');
    if (first!.text === '@') decorators.push(readDecorator(line.slice(1), constants));
    else if (isFunction)
      functions.push({ ...readFunction(line.slice(first!.text === 'async' ? 2 : 1), docstring(lines, index)), decorators });
    else if (first!.text === 'class' && second !== undefined)
      records.push({ name: second.text, fields: recordFields(lines, index) });
    else if (first!.kind === 'name' && second?.text === '=') constants.set(first!.text, pythonValue(line.slice(2)));
    if (first!.text !== '@') decorators = [];
  }
  return { functions, records };
}

function logicalLines(tokens: readonly PythonToken[]): readonly (readonly PythonToken[])[] {
  const lines: PythonToken[][] = [[]];
  for (const token of tokens) {
    if (token.kind === 'newline') lines.push([]);
    else lines.at(-1)!.push(token);
  }
  return lines.filter((line) => line.length > 0);
}

/** `constants`: what names above it stand for, such as an image that several components share. */
function readDecorator(tokens: readonly PythonToken[], constants: ReadonlyMap<string, PythonValue>): PythonDecorator {
  const open = tokens.findIndex((token) => token.text === '(');
  const name = tokenText(open === -1 ? tokens : tokens.slice(0, open));
  const inside = open === -1 ? [] : tokens.slice(open + 1, closingIndex(tokens, open) - 1);
  const named = splitAt(inside, ',').flatMap((part) => {
    const [key, equals, ...value] = part;
    return key?.kind === 'name' && equals?.text === '=' ? [[key.text, valueOf(value, constants)] as const] : [];
  });
  return { name, arguments: Object.fromEntries(named) };
}

function valueOf(tokens: readonly PythonToken[], constants: ReadonlyMap<string, PythonValue>): PythonValue {
  const [only] = tokens;
  return (tokens.length === 1 && only!.kind === 'name' ? constants.get(only!.text) : undefined) ?? pythonValue(tokens);
}

/** From the name of the function on. */
function readFunction(tokens: readonly PythonToken[], doc: string | undefined): Omit<PythonFunction, 'decorators'> {
  const [name] = tokens;
  const close = closingIndex(tokens, 1);
  const parameters = splitAt(tokens.slice(2, close - 1), ',').flatMap(readParameter);
  const arrow = tokens[close]?.text === '->' ? tokens.slice(close + 1) : [];
  const colon = colonIndex(arrow);
  return {
    name: name!.text,
    line: name!.line,
    parameters,
    ...(colon > 0 ? { returns: annotationText(arrow.slice(0, colon)) } : {}),
    ...(doc === undefined ? {} : { docstring: doc }),
  };
}

/** None for `*`, `/`, `*args` and `**kwargs`. */
function readParameter(tokens: readonly PythonToken[]): readonly PythonParameter[] {
  const [name, ...rest] = tokens;
  if (name?.kind !== 'name') return [];
  const equals = splitAt(rest, '=');
  const annotationTokens = rest[0]?.text === ':' ? (equals[0] ?? []).slice(1) : [];
  const hasDefault = rest.length > (equals[0]?.length ?? 0);
  const preset = hasDefault ? pythonValue(equals.at(-1)!) : undefined;
  return [
    {
      name: name.text,
      line: name.line,
      ...(annotationTokens.length === 0 ? {} : { annotation: annotationText(annotationTokens) }),
      ...(preset === undefined ? {} : { default: preset }),
    },
  ];
}

/** An annotation in quotes stands for what it says. */
function annotationText(tokens: readonly PythonToken[]): string {
  const [only] = tokens;
  return tokens.length === 1 && only!.value !== undefined ? only!.value.replaceAll(' ', '') : tokenText(tokens);
}

function colonIndex(tokens: readonly PythonToken[]): number {
  return splitAt(tokens, ':')[0]?.length ?? 0;
}

/** The text right below a definition, or on its own line behind the colon. */
function docstring(lines: readonly (readonly PythonToken[])[], index: number): string | undefined {
  const next = lines[index + 1];
  return next?.[0]?.kind === 'string' && next[0].column > 0 ? next[0].value : undefined;
}

function recordFields(lines: readonly (readonly PythonToken[])[], index: number): readonly PythonParameter[] {
  const fields: PythonParameter[] = [];
  for (let next = index + 1; next < lines.length && lines[next]![0]!.column > 0; next += 1) {
    const [name, colon] = lines[next]!;
    if (name!.kind === 'name' && colon?.text === ':') fields.push(...readParameter(lines[next]!));
  }
  return fields;
}
