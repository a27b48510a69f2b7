import { ProductError } from '../base/errors.ts';

/** Events are only ever added: a sequence that is taken means that someone else went on with the run. */
export function eventsTaken(
  { runId, sequence }: { readonly runId: string; readonly sequence: number },
  cause?: unknown,
): ProductError {
  return new RunsTakenOver([runId], `the events ${sequence} of run ${runId} have been recorded already`, cause);
}

export const runTaken = (runId: string): ProductError => new ProductError('CONFLICT', `there is a run ${runId} already`);

/** Some runs of a batch belong to another server by now; nothing of the batch was written. */
export class RunsTakenOver extends ProductError {
  readonly runIds: readonly string[];

  constructor(runIds: readonly string[], message: string, cause?: unknown) {
    super('CONFLICT', message, {
      hint: 'another server is running the same run: with SQLite, let only one server use a data folder',
      ...(cause === undefined ? {} : { cause }),
    });
    this.runIds = runIds;
  }
}
