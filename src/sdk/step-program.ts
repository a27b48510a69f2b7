import { existsSync, readFileSync } from 'node:fs';
import { isBuiltin, stripTypeScriptTypes } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ProductError } from '../base/errors.ts';

export interface StepOptions {
  /** Name of the component, as in its options. */
  readonly name: string;
  /** Absolute path of the module the component is written in. */
  readonly file: string;
  readonly packages: Readonly<Record<string, string>>;
  /** Inputs that are lists of artifacts. */
  readonly lists: readonly string[];
}

/** A single argument of a program may have this many bytes on Linux; the program is one, and larger ones are refused there. */
const MAX_PROGRAM_BYTES = 128 * 1024 - 1;
const STEP_RUNTIME = new URL('./step-runtime.mjs', import.meta.url);
const graphs = new Map<string, Readonly<Record<string, string>>>();

/** The text of a program that runs a function component anywhere with Node: the runtime with the component's modules in it. */
export function stepProgram({ name, file, packages, lists }: StepOptions): string {
  const known = graphs.get(file);
  const modules = known ?? moduleGraph(file);
  graphs.set(file, modules);
  const missing = packageImports(Object.values(modules)).filter((imported) => !Object.hasOwn(packages, imported));
  if (missing.length > 0)
    throw new ProductError('INVALID_PIPELINE', `the module of the component "${name}" imports ${missing.join(', ')}`, {
      hint: `add it to the component: packages: { '${missing[0]}': 'exact version' }`,
    });
  const facts = { component: name, entry: Object.keys(modules)[0]!, modules, packages, lists };
  // Two braces and a dollar sign would be a placeholder to the engine.
  const data = JSON.stringify(facts).replaceAll('{{$', '{{\\u0024');
  const program = `const STEP = ${data};\n${readFileSync(fileURLToPath(STEP_RUNTIME), 'utf8')}`;
  if (Buffer.byteLength(program) <= MAX_PROGRAM_BYTES) return program;
  throw new ProductError('TOO_LARGE', `the modules of the component "${name}" have ${Buffer.byteLength(program)} bytes in all`, {
    hint: `at most ${MAX_PROGRAM_BYTES} can travel with a step: put the function in a module of its own that imports less`,
  });
}

/** The module and what it imports by relative paths, as JavaScript, the entry first; keys are paths from the entry's folder. */
function moduleGraph(entry: string): Readonly<Record<string, string>> {
  const folder = dirname(entry);
  const modules: Record<string, string> = {};
  const waiting = [entry];
  for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
    const key = relative(folder, file).replaceAll('\\', '/');
    if (Object.hasOwn(modules, key)) continue;
    const source = readFileSync(file, 'utf8');
    const code = /\.[cm]?ts$/.test(file) ? withoutTypes(source, file) : source;
    modules[key] = code;
    if (!file.endsWith('.json')) waiting.push(...relativeImports(code, dirname(file)));
  }
  return modules;
}

function withoutTypes(source: string, file: string): string {
  try {
    return quietly(() => stripTypeScriptTypes(source, { mode: 'strip' })).replace(/[ \t]+$/gm, '');
  } catch (cause) {
    throw new ProductError('INVALID_PIPELINE', `${file} uses TypeScript that Node cannot run: ${(cause as Error).message}`, {
      cause,
      hint: 'enums, namespaces, decorators and parameter properties need another form',
    });
  }
}

/** Node announces on stderr that stripping types may change; what it does here is what it does when it runs a file. */
function quietly<Result>(call: () => Result): Result {
  const emitWarning = process.emitWarning.bind(process);
  process.emitWarning = () => {};
  try {
    return call();
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** npm packages that modules import when they start; what a function imports itself is its own affair. */
function packageImports(sources: readonly string[]): string[] {
  const statement = /^\s*(?:import|export)\b(?:[^'"();=]*?\bfrom)?\s*['"]([^'"\n]+)['"]/gm;
  const specifiers = sources.flatMap((code) => [...code.matchAll(statement)].map((match) => match[1]!));
  const isPackage = (name: string) => /^[@\w]/.test(name) && !isBuiltin(name) && !/^(pipewright(\/|$)|node:)/.test(name);
  return [...new Set(specifiers.filter(isPackage).map((name) => /^(@[^/]+\/)?[^/]+/.exec(name)![0]))];
}

/** Files named behind `from`, `import` and `import(`; what only looks like one does not exist and is left out. */
function relativeImports(code: string, folder: string): string[] {
  const specifiers = [...code.matchAll(/(?:\bfrom|\bimport|\bimport\s*\()\s*(['"])(\.{1,2}\/[^'"\n]+)\1/g)].map(
    (match) => match[2]!,
  );
  return specifiers.map((specifier) => join(folder, specifier)).filter((path) => existsSync(path));
}
