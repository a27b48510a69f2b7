import { writtenNeed } from '../engine/read-need.ts';
import type { ResourceRequest } from '../executors/executor.ts';
import type { PipelineDocument } from '../ir/spec.ts';
import { pipelineGraph } from './pipeline-graph.ts';

/** What the steps of a pipeline ask for, by path; `undefined` for amounts that come from parameters, or that cannot be read. */
export function askedRequests(document: PipelineDocument): ReadonlyMap<string, ResourceRequest | undefined> {
  const steps = pipelineGraph(document).scopes.flatMap(({ tasks }) => tasks);
  return new Map(
    steps.map(({ path, resources }) => {
      if (resources === undefined) return [path, {}];
      const need = writtenNeed(resources);
      return [path, need && 'request' in need ? need.request : undefined];
    }),
  );
}
