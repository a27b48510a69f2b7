// Compares pipelines written in TypeScript with what the Python SDK makes of the same ones: npm run … or
// node scripts/sdk-parity.ts [--dir ../shared/conformance] [--only NAME]
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compareWithPython } from '../test/support/compare-with-python.ts';
import { SDK_GOLDEN } from '../test/golden/sdk-golden.ts';
import { repositoryRoot } from '../test/support/source-files.ts';

const { values } = parseArgs({ options: { dir: { type: 'string' }, only: { type: 'string' } } });
const folder = join(values.dir ?? join(repositoryRoot, '..', 'shared', 'conformance'), 'pipelines', 'head');
if (!existsSync(folder)) {
  process.stderr.write(`there is no folder ${folder}; name the conformance data with --dir\n`);
  process.exit(2);
}
let equal = 0;
const rows = SDK_GOLDEN.filter(({ file }) => values.only === undefined || file.includes(values.only));
for (const row of rows) {
  const differences = await compareWithPython(row, folder);
  if (differences.length === 0) equal++;
  process.stdout.write(`${differences.length === 0 ? 'equal    ' : 'different'} ${row.file}\n`);
  for (const difference of differences.slice(0, 12)) process.stdout.write(`            ${difference}\n`);
}
process.stdout.write(`${equal} equal, ${rows.length - equal} different\n`);
process.exitCode = equal === rows.length ? 0 : 1;
