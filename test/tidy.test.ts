// The rules of CONTRIBUTING.md that a program can check: who imports whom, sizes, leftovers, words, links, dependencies.
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { importProblems } from './support/import-rules.ts';
import { repositoryRoot, sourceFiles, type SourceFile } from './support/source-files.ts';

const WARN_LINES = 300;
const MAX_LINES = 600;
const MAX_FUNCTION_LINES = 70;

const everything = sourceFiles(
  '{src,test,scripts,bench,examples,bin,python,docs,changes,web,.ci}/**/*.{ts,tsx,css,mjs,js,py,md,yaml,json}',
  '*.{md,json}',
);
const code = everything.filter((file) => /\.(tsx?|mjs|js)$/.test(file.path));
const isTest = (file: SourceFile): boolean => /\.(test|contract)\.ts$/.test(file.path) || file.path.startsWith('test/');
const product = code.filter((file) => file.path.startsWith('src/') && !isTest(file));
const dashboard = code.filter((file) => file.path.startsWith('web/') && !isTest(file));

/** Lines of the files that match, as `file:line: text`. */
function linesWith(
  files: readonly SourceFile[],
  pattern: RegExp,
  isAllowed: (file: SourceFile) => boolean = () => false,
): string[] {
  return files
    .filter((file) => !isAllowed(file))
    .flatMap((file) =>
      file.text.split('\n').flatMap((line, index) => (pattern.test(line) ? [`${file.path}:${index + 1}: ${line.trim()}`] : [])),
    );
}

test('there is something to check', () => {
  assert.ok(product.length > 20);
});

test('a layer imports only what the table allows', () => {
  assert.deepEqual(importProblems(product), []);
});

test('ARCHITECTURE.md has a row for every layer there is', () => {
  const page = readFileSync(join(repositoryRoot, 'ARCHITECTURE.md'), 'utf8');
  const layers = new Set(product.map((file) => file.path.split('/')[1]!));
  assert.deepEqual(
    [...layers].filter((layer) => !page.includes(`| \`${layer}\` |`)),
    [],
  );
});

test('no file imports itself over others', () => {
  assert.deepEqual(cycles([...product, ...dashboard]), []);
});

test('the dashboard knows the API by its tables, and nothing else of the server', () => {
  const foreign = dashboard.flatMap((file) =>
    file.imports
      .filter(
        ({ target, isType }) =>
          target.startsWith('src/') && !(isType || /^src\/api\/(.*routes|artifact-types)\.ts$/.test(target)),
      )
      .map(({ target }) => `${file.path} imports ${target}`),
  );
  assert.deepEqual(foreign, []);
});

test('files can be held in view', (t) => {
  const sizes = code.map((file) => ({
    path: file.path,
    lines: file.text.split('\n').length - 1,
    first: file.text.split('\n', 1)[0]!,
  }));
  for (const { path, lines } of sizes) if (lines > WARN_LINES) t.diagnostic(`${path} has ${lines} lines`);
  // Tables and generated code say so on their first line.
  assert.deepEqual(
    sizes.filter(({ lines, first }) => lines > MAX_LINES && !/\b(table|generated)\b/i.test(first)),
    [],
  );
});

test('functions fit on a screen', () => {
  // A migration is a list of statements in one function and is never edited.
  assert.deepEqual(product.filter((file) => !file.path.includes('/migrations/')).flatMap(longFunctions), []);
});

test('nothing is left over', () => {
  const mark = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX'].join('|')})\\b`);
  assert.deepEqual(linesWith(code, mark), []);
  assert.deepEqual(linesWith(code, /\b(test|it|describe)\.only\(/), []);
  // The command line talks to people; the fork-server is a program of its own, whose stderr is its log.
  const talks = [/^src\/cli\//, /^src\/executors\/process\/node-forkserver\.ts$/];
  assert.deepEqual(
    linesWith(product, /\bconsole\.\w+\(/, (file) => talks.some((pattern) => pattern.test(file.path))),
    [],
  );
});

test('no path of one machine and no host of a package registry is written down', () => {
  const self = (file: SourceFile): boolean => file.path === 'test/tidy.test.ts';
  assert.deepEqual(linesWith(everything, /(^|[\s'"`(=])\/(work|home|Users)\/\w/, self), []);
  assert.deepEqual(linesWith(everything, /registry\.(npmjs|yarnpkg)|pypi\.org|pythonhosted|proxy\.golang|"resolved"/, self), []);
});

test('the text speaks of the product and not of how it was written', () => {
  const words = ['cl' + 'aude', 'chat' + 'gpt', 'co' + 'pilot', 'anthro' + 'pic', 'l' + 'lm', 'prom' + 'pted'];
  assert.deepEqual(
    linesWith(everything, new RegExp(`\\b(${words.join('|')})\\b|(?<!Vertex )\\b${'A' + 'I'}\\b(?! Platform)`)),
    [],
  );
});

test('programs are started only where that is the job', () => {
  const allowed = [
    /^src\/executors\/process\//,
    /^src\/docker\/credential-helper\.ts$/,
    /^src\/images\/buildah-command\.ts$/,
    /^src\/cli\/(compile-python|commands\/doctor)\.ts$/,
  ];
  const importers = product.filter((file) => file.imports.some(({ target }) => /^(node:)?child_process$/.test(target)));
  assert.deepEqual(
    importers.map((file) => file.path).filter((path) => !allowed.some((pattern) => pattern.test(path))),
    [],
  );
});

test('time, chance and identifiers come from base', () => {
  const pattern = /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\brandomUUID\b/;
  assert.deepEqual(
    linesWith(product, pattern, (file) => file.path.startsWith('src/base/')),
    [],
  );
});

test('every dependency says why it is there', () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
    devDependencies: Record<string, string>;
  };
  const page = readFileSync(join(repositoryRoot, 'docs/dependencies.md'), 'utf8');
  const all = { ...dependencies, ...devDependencies };
  assert.deepEqual(
    Object.keys(all).filter((name) => !page.includes(`| ${name} |`)),
    [],
  );
  assert.deepEqual(
    Object.entries(all).filter(([, version]) => !/^\d/.test(version)),
    [],
    'versions are exact',
  );
});

test('the lock file is complete: npm ci refuses one that leaves out the packages of another platform', () => {
  const lock = JSON.parse(readFileSync(join(repositoryRoot, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { optionalDependencies?: Record<string, string> }>;
  };
  const optional = Object.values(lock.packages).flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}));
  assert.deepEqual(
    optional.filter((name) => !lock.packages[`node_modules/${name}`]),
    [],
  );
});

test('every example is run by a test', () => {
  const examples = globSync('examples/*', { cwd: repositoryRoot, withFileTypes: true }).filter((entry) => entry.isDirectory());
  const tests = sourceFiles('test/**/*.test.ts').filter((file) => file.path !== 'test/tidy.test.ts');
  assert.ok(examples.length > 0);
  assert.deepEqual(
    examples.map(({ name }) => name).filter((name) => !tests.some((file) => file.text.includes(`examples/${name}`))),
    [],
  );
});

test('links in the pages lead somewhere', () => {
  const pages = everything.filter((file) => file.path.endsWith('.md'));
  const broken = pages.flatMap((page) =>
    [...page.text.matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)[^)]*\)/g)]
      .map(([, target]) => target!)
      .filter((target) => !existsSync(join(repositoryRoot, dirname(page.path), target)))
      .map((target) => `${page.path}: ${target}`),
  );
  assert.deepEqual(broken, []);
});

/** Functions longer than a screen, found by indentation: the format check makes sure that it can be relied on. */
function longFunctions(file: SourceFile): string[] {
  const lines = file.text.split('\n');
  const found: string[] = [];
  lines.forEach((line, start) => {
    const indent = /^(\s*)(?!if|for|while|switch|else|return|\}|\/)\S.*\)(: [^=]+)? (=> )?\{$/.exec(line)?.[1];
    if (indent === undefined || /\b(class|interface)\b/.test(line)) return;
    const length = lines.slice(start + 1).findIndex((later) => later.startsWith(`${indent}}`)) + 2;
    if (length > MAX_FUNCTION_LINES) found.push(`${file.path}:${start + 1}: ${length} lines`);
  });
  return found;
}

/** Cycles among value imports; imports of types and imports at run time do not count. */
function cycles(files: readonly SourceFile[]): string[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const state = new Map<string, 'open' | 'done'>();
  const found: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (state.get(path) === 'open') found.push([...trail.slice(trail.indexOf(path)), path].join(' → '));
    if (state.has(path)) return;
    state.set(path, 'open');
    for (const { target, isType, isDynamic } of byPath.get(path)?.imports ?? []) {
      if (!isType && !isDynamic && byPath.has(target)) visit(target, [...trail, path]);
    }
    state.set(path, 'done');
  };
  for (const file of files) visit(file.path, []);
  return found;
}
