import { resolve } from 'node:path';
import type { PreviewRow } from '../../app/preview-run.ts';
import type { ResourceRequest } from '../../executors/executor.ts';
import { EXIT, writeJson } from '../command-error.ts';
import { formatDuration } from '../duration.ts';
import { loadPipeline } from '../load-pipeline.ts';
import type { PlacementOptions } from '../placement-options.ts';
import { readArguments } from '../read-arguments.ts';
import { placementFrom } from '../read-placement.ts';
import { styleFor, type Style } from '../style.ts';

export interface PlanOptions extends PlacementOptions {
  readonly param?: readonly string[];
  readonly params?: string;
  readonly data: string;
  readonly cache: boolean;
  readonly pipeline?: string;
  readonly json?: boolean;
}

/** `pipewright plan`: says what a run would do, without starting a step. */
export async function plan(file: string, options: PlanOptions): Promise<number> {
  const document = await loadPipeline(file, () => {}, options.pipeline === undefined ? {} : { pipelineName: options.pipeline });
  const given = { pairs: options.param ?? [], ...(options.params === undefined ? {} : { file: options.params }) };
  const args = await readArguments(given, document.spec.root.inputDefinitions.parameters);
  const { preview } = await import('../../start.ts');
  const { placement } = placementFrom(options);
  const placed = placement === undefined ? {} : { placement };
  const rows = await preview({ document, arguments: args, ...placed, useCache: options.cache, dataDir: resolve(options.data) });
  if (options.json) writeJson({ pipeline: document.spec.pipelineInfo.name, tasks: rows.map(jsonRow) });
  else process.stdout.write(planText(rows, styleFor(process.stdout, process.env)));
  return rows.some(({ foreseen }) => foreseen === 'FAILED') ? EXIT.runFailed : EXIT.ok;
}

const WORDS: Readonly<Record<PreviewRow['foreseen'], string>> = {
  RUN: 'runs',
  CACHED: 'cached',
  SKIPPED: 'skipped',
  LATER: 'later',
  FAILED: 'fails',
};

/** One line per task, in columns; then how many there are of each kind. */
export function planText(rows: readonly PreviewRow[], style: Style): string {
  const paint = { RUN: style.strong, CACHED: style.good, SKIPPED: style.dim, LATER: style.accent, FAILED: style.bad };
  const width = Math.max(...rows.map(({ path }) => path.length), 0);
  const lines = rows.map((row) => {
    const facts = [
      row.reason,
      resourceText(row.resources),
      suggestionText(row),
      row.lastMs === undefined ? '' : `last ${formatDuration(row.lastMs)}`,
    ];
    const told = facts.filter((fact) => fact !== '').join('; ');
    return `${paint[row.foreseen](WORDS[row.foreseen].padEnd(8))} ${row.path.padEnd(width)}  ${style.dim(told)}`.trimEnd();
  });
  const counts = Object.entries(WORDS).flatMap(([foreseen, word]) => {
    const count = rows.filter((row) => row.foreseen === foreseen).length;
    return count === 0 ? [] : [`${count} ${word}`];
  });
  return `${[...lines, counts.join(', ')].join('\n')}\n`;
}

function resourceText(resources: ResourceRequest | undefined): string {
  if (resources === undefined) return '';
  const { cpuMillis, memoryBytes, accelerator } = resources;
  const parts = [
    ...(cpuMillis === undefined ? [] : [`${cpuMillis / 1000} cpu`]),
    ...(memoryBytes === undefined ? [] : [`${Math.round(memoryBytes / 1024 / 1024)} MiB`]),
    ...(accelerator === undefined ? [] : [`${accelerator.count} × ${accelerator.type}`]),
  ];
  return parts.join(', ');
}

/** For steps that run; those that are cached or left out need nothing. */
function suggestionText({ foreseen, suggested }: PreviewRow): string {
  if (suggested === undefined || (foreseen !== 'RUN' && foreseen !== 'LATER')) return '';
  const { cpu, memory } = suggested.request;
  return `suggested request: cpu ${cpu}, memory ${memory}`;
}

function jsonRow({ path, displayName, foreseen, reason, resources, suggested, lastMs }: PreviewRow) {
  return {
    path,
    name: displayName,
    foreseen,
    reason,
    resources: resources ?? null,
    suggested: suggested
      ? {
          ...suggested.request,
          peak_memory_bytes: suggested.peakMemoryBytes,
          cpu_millis: suggested.cpuMillis,
          attempts: suggested.attempts,
        }
      : null,
    last_ms: lastMs ?? null,
  };
}
