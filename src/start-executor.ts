/** Names the executors: part of start.ts, in a file of its own. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { joinRules, readRules, RULES_FILE, type PlacementRules } from './app/placement-rules.ts';
import type { ArtifactStore } from './artifacts/artifact-store.ts';
import { systemClock } from './base/clock.ts';
import { ProductError } from './base/errors.ts';
import { GPU, type PlacementSettings } from './engine/admission-capacity.ts';
import type { Executor } from './executors/executor.ts';

export const EXECUTOR_NAMES = ['process', 'docker', 'auto', 'nope'] as const;
export type ExecutorName = (typeof EXECUTOR_NAMES)[number];

export interface ExecutorOptions {
  readonly executor?: ExecutorName;
  /** Steps running at once; default: the executor's choice for this machine. */
  readonly slots?: number;
  readonly placement?: PlacementSettings;
  /** Which steps go where; only `auto` has a choice. What placement.yaml in the data folder says comes after it. */
  readonly rules?: PlacementRules;
}

interface Host {
  readonly dataDir: string;
  readonly artifacts: ArtifactStore;
}

export async function openExecutor(options: ExecutorOptions, host: Host): Promise<Executor> {
  const { executor = 'process' } = options;
  switch (executor) {
    case 'process':
      return openProcess(options, host);
    case 'docker':
      return openDocker(options, host);
    case 'auto': {
      const { openAutoExecutor } = await import('./executors/auto/auto-executor.ts');
      const { dataDir } = host;
      const rules = placementRules(dataDir, options.rules);
      return openAutoExecutor({
        process: await openProcess(options, host),
        docker: await openDocker(options, host),
        rules,
        dataDir,
        clock: systemClock,
      });
    }
    case 'nope': {
      const { openNopeExecutor } = await import('./executors/nope/nope-executor.ts');
      return openNopeExecutor({ clock: systemClock });
    }
    default:
      throw new ProductError('INVALID_USAGE', `there is no executor "${String(executor)}"`, {
        hint: `choose one of ${EXECUTOR_NAMES.join(', ')}`,
      });
  }
}

/** What the command says, then what the data folder says. Throws INVALID_USAGE for a file that cannot be used. */
export function placementRules(dataDir: string, rules: PlacementRules = { steps: [], images: [] }): PlacementRules {
  const file = join(dataDir, RULES_FILE);
  return existsSync(file) ? joinRules(rules, readRules(readFileSync(file, 'utf8'), file)) : rules;
}

async function openProcess({ slots, placement }: ExecutorOptions, { dataDir, artifacts }: Host): Promise<Executor> {
  const { openProcessExecutor } = await import('./executors/process/process-executor.ts');
  const gpus =
    placement?.capacity?.accelerators?.[GPU] ?? placement?.pools?.reduce((sum, pool) => sum + (pool.accelerators[GPU] ?? 0), 0);
  return openProcessExecutor({
    dataDir,
    artifacts,
    clock: systemClock,
    ...(slots === undefined ? {} : { slots }),
    ...(gpus === undefined ? {} : { gpus }),
  });
}

/** Nobody is asked yet whether there is a daemon: starting the executor is. */
async function openDocker({ slots }: ExecutorOptions, { dataDir, artifacts }: Host): Promise<Executor> {
  const { openDockerExecutor } = await import('./executors/docker/docker-executor.ts');
  return openDockerExecutor({ dataDir, artifacts, clock: systemClock, ...(slots === undefined ? {} : { slots }) });
}
