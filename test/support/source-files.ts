import { globSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repositoryRoot = fileURLToPath(new URL('../..', import.meta.url));

export interface SourceFile {
  /** Relative to the repository, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly SourceImport[];
}

export interface SourceImport {
  /** The imported file relative to the repository, or the package's name. */
  readonly target: string;
  readonly isRelative: boolean;
  readonly isType: boolean;
  readonly isDynamic: boolean;
}

/** The repository's own files that match, read once per call; what npm installed is left out. */
export function sourceFiles(...patterns: readonly string[]): SourceFile[] {
  const paths = globSync([...patterns], {
    cwd: repositoryRoot,
    exclude: ['node_modules/**', 'dist/**', 'web/dist/**', 'web/dist-*/**'],
  }).sort();
  return paths.map((path) => {
    const text = readFileSync(join(repositoryRoot, path), 'utf8');
    return { path: path.replaceAll('\\', '/'), text, imports: readImports(path, text) };
  });
}

const STATIC = /^(?:import|export)\s+(type\s+)?([^'"`;=]*?)from\s+'([^']+)';/gm;
const SIDE_EFFECT = /^import\s+'([^']+)';/gm;
const DYNAMIC = /\bimport\(\s*'([^']+)'\s*\)/g;

function readImports(path: string, text: string): SourceImport[] {
  const of = (specifier: string, isType: boolean, isDynamic: boolean): SourceImport => {
    const isRelative = specifier.startsWith('.');
    const target = isRelative ? posix.normalize(posix.join(dirname(path), specifier)) : specifier;
    return { target, isRelative, isType, isDynamic };
  };
  return [
    ...[...text.matchAll(STATIC)].map(([, type, names, from]) => of(from!, type !== undefined || onlyTypes(names!), false)),
    ...[...text.matchAll(SIDE_EFFECT)].map(([, from]) => of(from!, false, false)),
    ...[...text.matchAll(DYNAMIC)].map(([, from]) => of(from!, false, true)),
  ];
}

/** `{ type A, type B }` is erased as a whole. */
function onlyTypes(names: string): boolean {
  const inner = /^\{([\s\S]*)\}\s*$/.exec(names.trim())?.[1];
  if (inner === undefined) return false;
  const parts = inner.split(',').map((part) => part.trim());
  return parts.every((part) => part === '' || part.startsWith('type '));
}
