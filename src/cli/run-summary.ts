import type { Artifact } from '../model/artifact.ts';
import type { RunRow } from '../model/run.ts';
import { artifactTypeName } from '../model/artifact-type-name.ts';
import type { Style } from './style.ts';

/** Longer values are cut; the whole is in `--json` and in the store. */
const MAX_VALUE_LENGTH = 200;
const LABEL_WIDTH = 30;

interface SummaryOptions {
  readonly style: Style;
  readonly dataDir: string;
  /** The run's own error is only worth a line when no failed step has told it already. */
  readonly tellError: boolean;
}

/** What is worth knowing once a run is final: outputs, where things are, and what to do next when it failed. */
export function summarise(run: RunRow, options: SummaryOptions): string[] {
  const { style, dataDir, tellError } = options;
  const parameters = Object.entries(run.outputs?.parameters ?? {}).map(([name, value]) =>
    row(name, short(JSON.stringify(value)), style),
  );
  const artifacts = Object.entries(run.outputs?.artifacts ?? {}).flatMap(([name, list]) =>
    list.map((artifact) => row(name, `${artifact.uri} ${style.dim(`(${describe(artifact)})`)}`, style)),
  );
  const lines = [...parameters, ...artifacts, row('run', run.runId, style), row('data', dataDir, style)];
  if (run.state === 'SUCCEEDED') return lines;
  const error = run.error && tellError ? [style.bad(`  ${run.error.message}`)] : [];
  return [...error, ...lines, '', ...nextSteps(run, style)];
}

function nextSteps(run: RunRow, style: Style): string[] {
  const id = run.runId.slice(0, 8);
  // Such an error, as a step that is too large for the machine, comes again at once if nothing else has changed.
  const goOn = run.error?.cause === 'input' ? 'go on, once that is mended:' : 'go on, keeping what succeeded:';
  return [
    `  ${style.dim(goOn.padEnd(LABEL_WIDTH))}  pipewright local --resume ${id}`,
    `  ${style.dim('again, with other arguments:'.padEnd(LABEL_WIDTH))}  pipewright local --clone ${id} -p name=value`,
  ];
}

function row(name: string, value: string, style: Style): string {
  return `  ${style.dim(name.padEnd(12))} ${value}`;
}

const describe = (artifact: Artifact): string => artifactTypeName(artifact.type) || 'artifact';

const short = (text: string): string => (text.length <= MAX_VALUE_LENGTH ? text : `${text.slice(0, MAX_VALUE_LENGTH)}…`);
