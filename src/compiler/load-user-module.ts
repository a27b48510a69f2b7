import { registerHooks, type ResolveFnOutput, type ResolveHookContext } from 'node:module';
import { extname, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ProductError } from '../base/errors.ts';
import { absentPackageSource, absentPackageUrl } from './absent-package.ts';

/** The package entries a user's file may import, which are served from this installation. */
export const packageEntries: Readonly<Record<string, string>> = {
  pipewright: entryUrl('../sdk/pipewright'),
  'pipewright/testing': entryUrl('../testing/run-in-memory'),
};

let loads = 0;

/**
 * Runs a user's file and returns what it exports. It needs nothing around it: `pipewright` is this installation's own copy, and
 * TypeScript is an ES module whatever a package.json nearby says.
 */
export async function loadUserModule(file: string): Promise<Readonly<Record<string, unknown>>> {
  const path = resolve(file);
  using _entries = servePackageEntries();
  try {
    // A file that is compiled twice in one process is run twice.
    return (await import(`${pathToFileURL(path).href}?load=${loads++}`)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    throw asProductError(error, path);
  }
}

/** Until it is disposed of, user files find the package entries here, and TypeScript files are ES modules. */
export function servePackageEntries(): Disposable {
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      const entry = packageEntries[specifier];
      if (entry !== undefined) return { url: entry, shortCircuit: true };
      const resolved = resolveOrAbsent(specifier, context, next);
      return isUserTypeScript(resolved.url) ? { ...resolved, format: 'module-typescript' } : resolved;
    },
    load(url, context, next) {
      const source = absentPackageSource(url);
      return source === undefined ? next(url, context) : { format: 'module', source, shortCircuit: true };
    },
  });
  return { [Symbol.dispose]: () => hooks.deregister() };
}

function resolveOrAbsent(specifier: string, context: ResolveHookContext, next: NextResolve): ResolveFnOutput {
  try {
    return next(specifier, context);
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND';
    const url = isMissing ? absentPackageUrl(specifier, context.parentURL) : undefined;
    if (url === undefined) throw error;
    return { url, format: 'module', shortCircuit: true };
  }
}

type NextResolve = (specifier: string, context?: Partial<ResolveHookContext>) => ResolveFnOutput;

function entryUrl(path: string): string {
  return new URL(`${path}${extname(fileURLToPath(import.meta.url))}`, import.meta.url).href;
}

function isUserTypeScript(url: string): boolean {
  return url.startsWith('file:') && /\.ts(\?|$)/.test(url) && !url.includes('/node_modules/');
}

/** The user's own mistakes, told with their place and without our frames. */
function asProductError(error: unknown, path: string): ProductError {
  if (error instanceof ProductError) return withPlace(error, path);
  const { code, message, stack = '' } = error as NodeJS.ErrnoException;
  const shown = relative(process.cwd(), path) || path;
  const line = lineIn(stack, path);
  const problem = { path: shown, message: firstLine(message ?? String(error)), ...(line === undefined ? {} : { line }) };
  const hint = hintFor(code, message ?? '');
  return new ProductError('INVALID_PIPELINE', `${shown} cannot be run`, {
    problems: [problem],
    cause: error,
    ...(hint === undefined ? {} : { hint }),
  });
}

/** Errors of the SDK are thrown at the user's line when nothing sensible can follow. */
function withPlace(error: ProductError, path: string): ProductError {
  const line = lineIn(error.stack ?? '', path);
  const shown = relative(process.cwd(), path) || path;
  if (error.problems.length > 0 || line === undefined) return error;
  return new ProductError(error.code, `${shown} cannot be compiled`, {
    problems: [{ path: shown, line, message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) }],
    cause: error,
  });
}

function lineIn(stack: string, path: string): number | undefined {
  for (const name of [pathToFileURL(path).href, path]) {
    const at = stack.indexOf(name);
    const match = at < 0 ? null : /^(?:\?load=\d+)?:(\d+)/.exec(stack.slice(at + name.length));
    if (match !== null) return Number(match[1]);
  }
  return undefined;
}

function hintFor(code: string | undefined, message: string): string | undefined {
  if (message.endsWith('it is not installed here'))
    return 'install it next to the file, or use it only inside the functions of components';
  if (code === 'ERR_MODULE_NOT_FOUND') {
    return 'relative imports need the whole file name: ./steps.ts';
  }
  if (code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX')
    return 'enums, namespaces, decorators and parameter properties need another form';
  if (/does not provide an export named/.test(message)) return 'check its spelling; if it is a type, write "import type"';
  return undefined;
}

const firstLine = (text: string): string =>
  text
    .split('\n', 1)[0]!
    .replaceAll('file://', '')
    .replace(/\?load=\d+/g, '');
