import { resolve } from 'node:path';
import type { PlacementRow } from '../app/explain-placement.ts';
import type { PlatformOptions } from '../start.ts';
import { EXIT, writeJson } from './command-error.ts';
import type { LocalOptions } from './commands/local.ts';
import { loadPipeline } from './load-pipeline.ts';
import { styleFor, type Style } from './style.ts';

/** `pipewright local FILE --explain`: where each step would run and why; nothing is started. */
export async function explainLocal(
  file: string,
  options: LocalOptions,
  { rules }: Pick<PlatformOptions, 'rules'>,
): Promise<number> {
  const document = await loadPipeline(file, () => {});
  const { checkRules, explainSteps } = await import('../start.ts');
  if (rules) await checkRules(document, rules);
  const { executor, data } = options;
  const rows = await explainSteps(document, { executor, dataDir: resolve(data), ...(rules && { rules }) });
  if (options.json) writeJson({ pipeline: document.spec.pipelineInfo.name, steps: rows });
  else process.stdout.write(explainText(rows, styleFor(process.stdout, process.env)));
  return EXIT.ok;
}

/** One line per step: executor, path, why, and what it asks for. */
export function explainText(rows: readonly PlacementRow[], style: Style): string {
  if (rows.length === 0) return 'the pipeline has no steps that run programs\n';
  const widths = { executor: widest(rows, 'executor'), path: widest(rows, 'path') };
  const lines = rows.map(({ executor, path, because, asks }) => {
    const told = asks === '' ? because : `${because}; asks for ${asks.replace(/^asks for /, '')}`;
    return `${style.strong(executor.padEnd(widths.executor))}  ${path.padEnd(widths.path)}  ${style.dim(told)}`;
  });
  return `${lines.join('\n')}\n`;
}

function widest(rows: readonly PlacementRow[], column: 'executor' | 'path'): number {
  return Math.max(...rows.map((row) => row[column].length));
}
