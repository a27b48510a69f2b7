import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { ProductError } from '../../base/errors.ts';
import { servePackageEntries } from '../../compiler/load-user-module.ts';
import { EXIT } from '../command-error.ts';

/** `pipewright test`: runs tests with Node's own runner; `pipewright` and `pipewright/testing` need no installation. */
export async function test(patterns: readonly string[]): Promise<number> {
  const given = patterns.length > 0 ? patterns : ['**/*.test.ts'];
  const files = globSync([...given], { exclude: ['**/node_modules/**'] }).map((file) => resolve(file));
  if (files.length === 0) throw new ProductError('INVALID_USAGE', `there is no test: no file matches ${given.join(', ')}`);
  using _entries = servePackageEntries();
  const tests = run({ files, isolation: 'none' });
  let failed = false;
  tests.on('test:fail', () => (failed = true));
  const reporter = new spec();
  reporter.pipe(process.stdout, { end: false });
  for await (const event of tests) reporter.write(event);
  reporter.end();
  return failed ? EXIT.runFailed : EXIT.ok;
}
