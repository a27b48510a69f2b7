import type { ResourceRequest } from '../executors/executor.ts';
import type { PipelineDocument } from '../ir/spec.ts';
import type { Predicate } from '../store/catalogue-store.ts';
import type { App } from './app.ts';
import { RUNS_MEASURED } from './recorded-use.ts';
import { askedRequests } from './asked-requests.ts';
import { requestAdvice } from './request-advice.ts';
import { suggestedRequests, type SuggestedRequest } from './suggested-requests.ts';

export interface StepUse extends SuggestedRequest {
  /** Absent where it comes from parameters. */
  readonly asked?: ResourceRequest;
  /** Where that is far from what it used: "asks 4 CPU, used at most 0.3". */
  readonly advice: readonly string[];
}

/** What the steps of a pipeline used in its latest runs among those that `predicates` let through, beside what they ask for. */
export async function pipelineUse(
  { store, catalogue, documents }: App,
  document: PipelineDocument,
  predicates: readonly Predicate[],
): Promise<readonly StepUse[]> {
  const { rows } = await catalogue.listCataloguedRuns({
    predicates: [{ field: 'pipeline_name', operation: 'eq', values: [document.spec.pipelineInfo.name] }, ...predicates],
    sort: { field: 'created_at_ms', descending: true },
    limit: RUNS_MEASURED,
  });
  const source = { store, runs: rows.map(({ run }) => run), pipeline: (digest: string) => documents.pipeline(digest) };
  const asked = askedRequests(document);
  return (await suggestedRequests(source, document)).map((used) => {
    const request = asked.get(used.path);
    return { ...used, ...(request ? { asked: request } : {}), advice: requestAdvice(request ?? {}, used) };
  });
}
