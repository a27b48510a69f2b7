/**
 * `npm test`: types, lint, format, then every test file. One line per stage and file, failures in full, and at the end one line
 * `N passed, N failed, N skipped`. `--only STAGE` runs one stage; other arguments choose test files (`npm test -- src/ir`).
 */
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { run, type EventData } from 'node:test';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { setUpClients, setUpForTests } from './setup-tests.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const TEST_TIMEOUT_MS = 120_000;

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

const CHECKS: readonly { readonly name: string; readonly program: string; readonly args: readonly string[] }[] = [
  { name: 'types', program: 'tsc', args: [] },
  { name: 'types of the dashboard', program: 'tsc', args: ['--project', 'web'] },
  { name: 'types of the dashboard’s tests', program: 'tsc', args: ['--project', 'web/tsconfig.test.json'] },
  { name: 'lint', program: 'oxlint', args: ['--type-aware', '--quiet'] },
  { name: 'format', program: 'oxfmt', args: ['--check', 'src', 'test', 'scripts', 'bench', 'examples', 'bin', 'web'] },
];

const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
const { only, filters } = readArguments(process.argv.slice(2));

if (filters.length === 0) {
  for (const check of CHECKS) if (only === undefined || only === check.name) runCheck(check);
}
if (only === undefined) {
  const needsClients =
    filters.length === 0 || filters.some((filter) => 'test/compat/'.includes(filter) || filter.includes('compat'));
  const containers = filters.length === 0 || filters.some((filter) => /docker|container|image/.test(filter));
  const missing = [...setUpForTests({ containers }), ...(needsClients ? await setUpClients() : [])];
  for (const line of missing) console.log(`note: ${line}`);
  await runTests(filters);
}
console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1;

function readArguments(args: readonly string[]): { readonly only?: string; readonly filters: readonly string[] } {
  const at = args.indexOf('--only');
  if (at < 0) return { filters: args };
  return { only: args[at + 1] ?? '', filters: [] };
}

function runCheck(check: (typeof CHECKS)[number]): void {
  const started = performance.now();
  const program = join(root, 'node_modules', '.bin', check.program);
  const result = spawnSync(program, check.args, { cwd: root, encoding: 'utf8', shell: process.platform === 'win32' });
  const ok = result.status === 0;
  counts[ok ? 'passed' : 'failed'] += 1;
  console.log(`${ok ? '✓' : '✗'} ${check.name}  ${seconds(performance.now() - started)}`);
  if (!ok) console.log(`${result.stdout ?? ''}${result.stderr ?? ''}${result.error?.message ?? ''}`);
}

async function runTests(wanted: readonly string[]): Promise<void> {
  const all = globSync(['src/**/*.test.ts', 'test/**/*.test.ts', 'scripts/**/*.test.ts', 'web/**/*.test.ts'], {
    cwd: root,
  }).sort();
  const files = wanted.length === 0 ? all : all.filter((file) => wanted.some((part) => file.includes(part)));
  // A browser, a server and its steps keep a small machine busy by themselves.
  const inBrowser = files.filter((file) => file.startsWith(join('test', 'web')));
  const failures = [
    ...(await runFiles(
      files.filter((file) => !inBrowser.includes(file)),
      availableParallelism(),
    )),
    ...(await runFiles(inBrowser, 1)),
  ];
  for (const failure of failures) printFailure(failure);
}

async function runFiles(files: readonly string[], concurrency: number): Promise<readonly EventData.TestFail[]> {
  const failures: EventData.TestFail[] = [];
  if (files.length === 0) return failures;
  const stream = run({ files: files.map((file) => join(root, file)), concurrency, timeout: TEST_TIMEOUT_MS });
  stream.on('test:fail', (event) => {
    // A file or suite that failed because of a test inside it is not told again.
    if (!isOuter(event)) failures.push(event);
  });
  stream.on('test:pass', (event) => {
    if (typeof event.skip === 'string' && event.skip !== '') console.log(`  skipped: ${event.name} (${event.skip})`);
  });
  stream.on('test:summary', (summary) => {
    if (summary.file !== undefined) return printFile(summary);
    counts.passed += summary.counts.passed;
    counts.failed += summary.counts.tests - summary.counts.passed - summary.counts.skipped - summary.counts.todo;
    counts.skipped += summary.counts.skipped + summary.counts.todo;
  });
  for await (const _event of stream);
  return failures;
}

function isOuter(event: EventData.TestFail): boolean {
  const error = event.details.error as { failureType?: string } | undefined;
  return error?.failureType === 'subtestsFailed';
}

function printFile(summary: EventData.TestSummary): void {
  const { passed, tests, skipped } = summary.counts;
  const file = relative(root, summary.file!);
  const more = skipped > 0 ? `, ${skipped} skipped` : '';
  console.log(`${summary.success ? '✓' : '✗'} ${file}  ${passed}/${tests}${more}  ${seconds(summary.duration_ms)}`);
}

function printFailure(failure: EventData.TestFail): void {
  const place = failure.file === undefined ? '' : `${relative(root, failure.file)}:${failure.line ?? 0}`;
  console.log(`\n✗ ${failure.name}  ${place}`);
  const error = failure.details.error as Error & { cause?: unknown };
  console.log(inspect(error.cause ?? error, { depth: 6 }).replaceAll(/^/gm, '    '));
}

function seconds(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(1)} s`;
}
