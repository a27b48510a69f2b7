import { writeFile } from 'node:fs/promises';
import type { Measured } from './claims.ts';

export interface Figure extends Measured {
  readonly name: string;
  readonly target: string;
}

const REPORT = new URL('../RESULTS.md', import.meta.url);

export async function writeResults(machine: readonly string[], figures: readonly Figure[]): Promise<void> {
  const rows = figures.map(
    ({ name, target, result, met, remark }) =>
      `| ${name} | ${target} | ${result} | ${met ? 'met' : `**missed**${remark ? `: ${remark}` : ''}`} |`,
  );
  await writeFile(
    REPORT,
    `# Benchmark results

Written by \`npm run bench\`. Each figure was measured beside its reference in the same run, alternating, medians quoted; absolute
times on a shared machine are noise, the ratios are what counts.

${machine.join('\n')}

| what | target | measured | |
|---|---|---|---|
${rows.join('\n')}

Fan-out and chain depend on the state of the disk: on ext4, creating a file next to where thousands were removed within the last
minutes costs about 0.6 ms instead of 0.04 ms, and our steps create files of their own. Run it more than once before relying on a
ratio; the measurements themselves remove their files only at the end.

What is not in these figures: a network between machines, the pull of images, real work in the steps, a
second pipeline at the same time. \`bench/support/claims.ts\` says how each is taken.
`,
  );
}
