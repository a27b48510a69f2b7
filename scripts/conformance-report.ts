/** What a conformance run prints. */
import type { Entry } from './conformance-entries.ts';

export interface Result {
  readonly entry: Entry;
  readonly differences: readonly string[];
  readonly durationMs: number;
}

export function printResult({ entry, differences, durationMs }: Result): void {
  console.log(`${differences.length === 0 ? '✓' : '✗'} ${entry.file}  ${entry.runnable}  ${(durationMs / 1000).toFixed(1)} s`);
  for (const difference of differences.slice(0, 8)) console.log(`    ${difference}`);
  if (differences.length > 8) console.log(`    and ${differences.length - 8} more differences`);
}

/** Tables by feature and by class, what was not run and why, and the last line. */
export function printReport(
  results: readonly Result[],
  { slow, leftOut }: { readonly slow: number; readonly leftOut: readonly string[] },
): void {
  printTable('feature', results, ({ entry }) => [...(entry.features ?? []), ...(entry.platform_features ?? [])]);
  printTable('class', results, ({ entry }) => [entry.runnable]);
  if (slow > 0) console.log(`\n${slow} slow pipelines were left out (--slow runs them)`);
  if (leftOut.length > 0) console.log(`\n${leftOut.length} pipelines were planned and not run:\n  ${leftOut.join('\n  ')}`);
  const failed = results.filter(({ differences }) => differences.length > 0).length;
  console.log(`\n${results.length - failed} passed, ${failed} failed`);
}

function printTable(title: string, results: readonly Result[], groupsOf: (result: Result) => readonly string[]): void {
  const groups = new Map<string, { passed: number; failed: number }>();
  for (const result of results) {
    for (const name of new Set(groupsOf(result))) {
      const group = groups.get(name) ?? { passed: 0, failed: 0 };
      group[result.differences.length === 0 ? 'passed' : 'failed'] += 1;
      groups.set(name, group);
    }
  }
  if (groups.size === 0) return;
  const width = Math.max(title.length, ...[...groups.keys()].map((name) => name.length));
  console.log(`\n${title.padEnd(width)}  passed  failed`);
  for (const [name, { passed, failed }] of [...groups].sort(([left], [right]) => left.localeCompare(right))) {
    console.log(`${name.padEnd(width)}  ${String(passed).padStart(6)}  ${failed === 0 ? '     ·' : String(failed).padStart(6)}`);
  }
}
