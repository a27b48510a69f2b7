import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const SCHEME = 'pipewright-absent:';

/**
 * npm packages of function components are installed where the steps run, not where the pipeline is compiled. An import of one that
 * is not here gives a module with the names that are imported; using one of them says what is missing.
 */
export function absentPackageUrl(specifier: string, parentUrl: string | undefined): string | undefined {
  const isBare = /^(@[\w.-]+\/)?[A-Za-z0-9][\w.-]*(\/|$)/.test(specifier);
  if (!isBare || !parentUrl?.startsWith('file:') || parentUrl.includes('/node_modules/')) return undefined;
  return `${SCHEME}${encodeURIComponent(specifier)}?from=${encodeURIComponent(parentUrl)}`;
}

/** The source of such a module; absent for URLs of other kinds. */
export function absentPackageSource(url: string): string | undefined {
  if (!url.startsWith(SCHEME)) return undefined;
  const [specifier, parent] = url.slice(SCHEME.length).split('?from=').map(decodeURIComponent) as [string, string];
  const names = importedNames(readFileSync(fileURLToPath(parent.replace(/\?.*$/, '')), 'utf8'), specifier);
  const message = JSON.stringify(`the package ${specifier} is used while the pipeline is compiled, but it is not installed here`);
  return [
    `const fail = () => { throw new Error(${message}); };`,
    'const absent = new Proxy(function () {}, { get: fail, apply: fail, construct: fail });',
    ...names.map((name) => `export const ${name} = absent;`),
    'export default absent;',
  ].join('\n');
}

function importedNames(source: string, specifier: string): string[] {
  const lists = [...source.matchAll(/(?:import|export)\s+(?:[\w$]+\s*,\s*)?\{([^}]*)\}\s*from\s*(['"])([^'"\n]+)\2/g)];
  const names = lists
    .filter(([, , , from]) => from === specifier)
    .flatMap(([, list]) => list!.split(','))
    .map((entry) => entry.trim().split(/\s+as\s+/)[0]!)
    .filter((name) => /^[\w$]+$/.test(name) && name !== 'default');
  return [...new Set(names)];
}
