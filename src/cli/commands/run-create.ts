import { systemClock } from '../../base/clock.ts';
import { ProductError } from '../../base/errors.ts';
import { EXIT } from '../command-error.ts';
import { wholeNumber } from '../server/list-query.ts';
import { RUN } from '../server/kinds.ts';
import { note } from '../server/pipeline-package.ts';
import { printObject } from '../server/print-objects.ts';
import { runSource } from '../server/run-source.ts';
import { openSession, type ServerOptions } from '../server/session.ts';
import { exitCodeOf, watchRun } from '../server/watch-run.ts';
import { experimentNamed } from './experiment.ts';

export interface CreateRunOptions extends ServerOptions {
  readonly experimentName?: string;
  readonly experimentId?: string;
  readonly runName?: string;
  readonly description?: string;
  readonly packageFile?: string;
  readonly pipeline?: string;
  readonly pipelineId?: string;
  readonly pipelineName?: string;
  readonly version?: string;
  readonly params?: string;
  readonly pipelineRoot?: string;
  readonly serviceAccount?: string;
  readonly watch?: true;
  readonly timeout: string;
  readonly enableCaching?: boolean;
  readonly priority?: number;
}

/**
 * `run create [FILE] [name=value]…`: starts a run of a file or of a pipeline on the server. The first argument without `=` is the
 * file; kfp's `-f FILE` is the same. Without `-e`, the run belongs to the Default experiment.
 */
export async function createRun(given: readonly string[], options: CreateRunOptions): Promise<number> {
  const timeoutMs = wholeNumber('--timeout', options.timeout) * 1000;
  // `local` gives arguments with -p; kfp's `run create` gives the pipeline's id with it.
  if (options.pipelineId?.includes('='))
    throw new ProductError('INVALID_USAGE', `-p ${options.pipelineId}: -p is the id of a pipeline`, {
      hint: 'Arguments stand alone: pipewright run create FILE name=value',
    });
  const session = openSession(options);
  const [first] = given;
  const hasFile = first !== undefined && !first.includes('=') && options.packageFile === undefined;
  const source = await runSource(session, {
    ...options,
    packageFile: hasFile ? first : options.packageFile,
    pairs: hasFile ? given.slice(1) : given,
    enableCache: options.enableCaching,
  });
  const experimentId = options.experimentName ? await experimentNamed(session, options.experimentName) : options.experimentId;
  const run = await session.kfp.call('RunService_CreateRun', {
    body: {
      display_name: options.runName ?? `${source.pipelineName} ${timeText()}`,
      ...source.message,
      ...(experimentId === undefined ? {} : { experiment_id: experimentId }),
      ...(options.description === undefined ? {} : { description: options.description }),
      ...(options.serviceAccount === undefined ? {} : { service_account: options.serviceAccount }),
      ...(options.priority === undefined ? {} : { plugins_input: { pipewright: { priority: options.priority } } }),
    },
  });
  const runId = run.run_id ?? '';
  const isWaited = options.watch === true || timeoutMs > 0;
  if (!isWaited || session.output === 'table') printObject(RUN, run, session.output);
  note(`${session.connection.endpoint}/#/runs/details/${runId}`);
  if (!isWaited) return EXIT.ok;
  const watched = await watchRun(session, runId, { timeoutMs, quiet: options.watch !== true });
  if (session.output === 'json')
    printObject(RUN, await session.kfp.call('RunService_GetRun', { params: { run_id: runId } }), 'json');
  return exitCodeOf(watched, runId);
}

/** `2026-11-24 12-01-27`: what the kfp SDK names its runs with. */
const timeText = (): string => new Date(systemClock.now()).toISOString().slice(0, 19).replace('T', ' ').replaceAll(':', '-');
