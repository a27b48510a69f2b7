import { ProductError } from '../base/errors.ts';
import { RunsTakenOver } from './leases.ts';

/** Events are only ever added: a sequence that is taken means that someone else went on with the run. */
export function eventsTaken(
  { runId, sequence }: { readonly runId: string; readonly sequence: number },
  cause?: unknown,
): ProductError {
  return new RunsTakenOver([runId], `the events ${sequence} of run ${runId} have been recorded already`, cause);
}

export const runTaken = (runId: string): ProductError => new ProductError('CONFLICT', `there is a run ${runId} already`);
