/**
 * `npm run bench [-- --only NAME] [--repetitions N] [--quick]`: each figure beside its reference, in one run, alternating.
 * Results go to bench/RESULTS.md with the machine they were taken on; `--quick` measures small sizes and writes nothing.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeMachine } from './support/machine.ts';
import { buildNoop } from './support/references.ts';
import { writeResults, type Figure } from './support/results.ts';
import { CLAIMS } from './support/claims.ts';
import { LIST_CLAIMS } from './support/list-claims.ts';
import { DOCKER_CLAIMS } from './support/docker-claims.ts';
import { GRAPH_CLAIMS } from './support/graph-claims.ts';
import { PAGE_CLAIMS } from './support/page-claims.ts';
import { SERVER_CLAIMS } from './support/server-claims.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    repetitions: { type: 'string', default: '3' },
    quick: { type: 'boolean', default: false },
  },
});

const folder = await mkdtemp(join(tmpdir(), 'pipewright-bench-'));
try {
  const noop = await buildNoop(folder);
  const machine = await describeMachine();
  console.log(machine.join('\n'));
  const figures: Figure[] = [];
  for (const claim of [...CLAIMS, ...LIST_CLAIMS, ...SERVER_CLAIMS, ...PAGE_CLAIMS, ...GRAPH_CLAIMS, ...DOCKER_CLAIMS]) {
    if (values.only !== undefined && !claim.name.includes(values.only)) continue;
    console.log(`\n${claim.name}`);
    const figure = await claim.measure({ folder, noop, quick: values.quick, repetitions: Number(values.repetitions) });
    figures.push({ name: claim.name, target: claim.target, ...figure });
    console.log(`  ${figure.result}   target: ${claim.target}   ${figure.met ? 'met' : 'MISSED'}`);
  }
  if (!values.quick && values.only === undefined) await writeResults(machine, figures);
} finally {
  await rm(folder, { recursive: true, force: true });
}
