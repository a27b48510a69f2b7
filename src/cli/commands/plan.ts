import { resolve } from 'node:path';
import type { PreviewRow } from '../../app/preview-run.ts';
import { usedCpu, usedMemory } from '../../app/request-advice.ts';
import { pythonRequest, type SuggestedRequest } from '../../app/suggested-requests.ts';
import { requestText } from '../../engine/admission-words.ts';
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
    const isToCome = row.foreseen === 'RUN' || row.foreseen === 'LATER';
    const facts = [
      row.foreseen === 'CACHED' ? withShortRunId(row.reason) : row.reason,
      ...(isToCome ? requestFacts(row) : []),
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

/** As runs are named to people; with `--json` the whole id is there. */
const withShortRunId = (reason: string): string => reason.replace(/\b([0-9a-f]{8})(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/, '$1');

/** For steps that run; those that are cached or left out need nothing. */
function requestFacts({ resources, suggested, advice = [] }: PreviewRow): readonly string[] {
  const asks = resources === undefined ? '' : requestText(resources);
  return [
    ...(advice.length > 0 ? advice : [asks === '' ? '' : `asks ${asks}`, suggested === undefined ? '' : useText(suggested)]),
    suggested === undefined ? '' : suggestionText(suggested),
  ];
}

const useText = ({ mostCpuMillis, peakMemoryBytes }: SuggestedRequest): string =>
  `used at most ${usedCpu(mostCpuMillis)} CPU, ${usedMemory(peakMemoryBytes)}`;

function suggestionText({ request, attempts, isOlder }: SuggestedRequest): string {
  const by = `by ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}${isOlder ? ' of an earlier version' : ''}`;
  return `suggested request: cpu ${request.cpu}, memory ${request.memory} (${by})`;
}

function jsonRow({ path, displayName, foreseen, reason, resources, suggested, advice, lastMs }: PreviewRow) {
  return {
    path,
    name: displayName,
    foreseen,
    reason,
    resources: resources ?? null,
    suggested: suggested ? suggestionJson(suggested) : null,
    advice: advice ?? [],
    last_ms: lastMs ?? null,
  };
}

function suggestionJson(suggested: SuggestedRequest) {
  const { request, attempts, isOlder, peakMemoryBytes, cpuMillis, mostCpuMillis, tooLittleBytes } = suggested;
  return {
    ...request,
    python: pythonRequest(request),
    attempts,
    is_older: isOlder,
    peak_memory_bytes: peakMemoryBytes,
    cpu_millis: cpuMillis,
    most_cpu_millis: mostCpuMillis,
    ...(tooLittleBytes === undefined ? {} : { too_little_bytes: tooLittleBytes }),
  };
}
