/** What somebody asks to be run, and the definition of the run that comes of it. */
import { ProductError } from '../base/errors.ts';
import type { JsonObject } from '../base/json.ts';
import type { ArtifactStore } from '../artifacts/artifact-store.ts';
import { expandMacros } from '../ir/macros.ts';
import type { PipelineDocument } from '../ir/spec.ts';
import { checkArguments } from '../ir/values.ts';
import type { RunDefinition, RunSettings } from '../model/run.ts';
import { choosePipelineRoot } from './pipeline-root.ts';
import type { PreparedDocument } from './planned-documents.ts';

export interface RunRequest {
  readonly document: PipelineDocument;
  readonly arguments?: JsonObject;
  /** Default: the pipeline's name and the time. */
  readonly displayName?: string;
  readonly settings?: RunSettings;
  /** Default: the document's root if there is a store for it here, else the artifact store's. */
  readonly pipelineRoot?: string;
  readonly namespace?: string;
  readonly scheduledAtMs?: number;
  readonly clonedFromRunId?: string;
  /** Input artifacts of the root that are not given are missed only by the task that reads them: KFP's API has no way to give any. */
  readonly mayLackArtifacts?: boolean;
}

export interface NewRunFacts {
  readonly prepared: PreparedDocument;
  readonly artifacts: ArtifactStore;
  readonly runId: string;
  readonly nowMs: number;
}

const DEFAULT_NAMESPACE = 'default';

/** Throws INVALID_ARGUMENTS, and what choosing the pipeline root throws. */
export async function defineRun(request: RunRequest, facts: NewRunFacts): Promise<RunDefinition> {
  const { prepared, artifacts, runId, nowMs } = facts;
  const { pipelineName } = prepared.plan;
  return {
    runId,
    namespace: request.namespace ?? DEFAULT_NAMESPACE,
    displayName: request.displayName ?? `${pipelineName} ${new Date(nowMs).toISOString().slice(0, 19).replace('T', ' ')}`,
    pipelineName,
    documentDigest: prepared.digest,
    arguments: checkedArguments(request, facts),
    pipelineRoot: await choosePipelineRoot(artifacts, request),
    settings: request.settings ?? {},
    createdAtMs: nowMs,
    scheduledAtMs: request.scheduledAtMs ?? nowMs,
    ...(request.clonedFromRunId === undefined ? {} : { clonedFromRunId: request.clonedFromRunId }),
  };
}

function checkedArguments(request: RunRequest, { runId, nowMs }: NewRunFacts): JsonObject {
  const given = { ...request.document.defaultArguments, ...request.arguments };
  // Only recurring runs have a time they were due at, and a number, which whoever starts them has put in already.
  const scheduled = request.scheduledAtMs === undefined ? {} : { scheduledAt: request.scheduledAtMs };
  const expanded = expandMacros(given, { now: nowMs, runId, ...scheduled });
  const problems = checkArguments(request.document.spec, expanded, {
    artifactNames: request.mayLackArtifacts
      ? Object.keys(request.document.spec.root.inputDefinitions.artifacts)
      : Object.keys(request.settings?.inputArtifacts ?? {}),
  });
  const errors = problems.filter(({ severity }) => severity !== 'warning');
  if (errors.length === 0) return expanded;
  throw new ProductError('INVALID_ARGUMENTS', "the arguments do not fit the pipeline's inputs", { problems: errors });
}
