/** A run's state before its first event: the same for a new run and for one that is folded again after a restart. */
import type { JsonObject } from '../base/json.ts';
import { derivedUuid } from '../base/ids.ts';
import type { PipelineDocument } from '../ir/spec.ts';
import { fillArguments } from '../ir/values.ts';
import type { Artifact } from '../model/artifact.ts';
import type { RunDefinition } from '../model/run.ts';
import { beginRun, decide } from './decide.ts';
import { noEffects, type Effects } from './effects.ts';
import type { Plan } from './plan.ts';
import type { RunData } from './run-data.ts';
import type { SequencedEvents } from '../store/store.ts';
import { createInstance } from './instances.ts';

export function newRun(definition: RunDefinition, document: PipelineDocument, plan: Plan, effects: Effects): RunData {
  const run: RunData = {
    definition,
    plan,
    facts: {
      pipelineName: plan.pipelineName,
      displayName: definition.displayName,
      resourceName: `${plan.pipelineName}-${definition.runId.slice(0, 8)}`,
      pipelineRoot: definition.pipelineRoot,
      createdAtMs: definition.createdAtMs,
      scheduledAtMs: definition.scheduledAtMs,
      ...(definition.settings.googleCloudLocation === undefined
        ? {}
        : { googleCloudLocation: definition.settings.googleCloudLocation }),
      ...(definition.settings.googleCloudProjectId === undefined
        ? {}
        : { googleCloudProjectId: definition.settings.googleCloudProjectId }),
    },
    namespace: definition.namespace,
    state: 'RUNNING',
    startedAtMs: definition.createdAtMs,
    deadlineFromMs: definition.createdAtMs,
    endedAtMs: null,
    error: null,
    canceling: null,
    tasks: [],
    readyLeaves: 0,
    openLoops: [],
    resumedFrom: null,
  };
  const root = createInstance(run, {
    parent: null,
    planTask: null,
    template: plan.root,
    iteration: null,
    nowMs: definition.createdAtMs,
  });
  root.inputs = { parameters: fillArguments(document.spec, definition.arguments), artifacts: rootArtifacts(definition) };
  beginRun(run, root, effects);
  return run;
}

/** Folds recorded events; effects are not wanted again, what is still owed follows from the state (see recovery.ts). */
export function foldRun(
  definition: RunDefinition,
  document: PipelineDocument,
  plan: Plan,
  history: readonly SequencedEvents[],
): RunData {
  const run = newRun(definition, document, plan, noEffects());
  for (const { events } of history) {
    const effects = noEffects();
    for (const recorded of events) decide(run, recorded, effects);
  }
  return run;
}

/** Artifacts given to the pipeline itself: an extension of KFP's run API (settings.inputArtifacts). */
function rootArtifacts(definition: RunDefinition): Record<string, readonly Artifact[]> {
  const given = Object.entries(definition.settings.inputArtifacts ?? {});
  return Object.fromEntries(given.map(([name, { uri, type, metadata }]) => [name, [rootArtifact(name, uri, type, metadata)]]));
}

function rootArtifact(name: string, uri: string, type = 'system.Artifact', metadata: JsonObject = {}): Artifact {
  return { id: derivedUuid('given', uri, type), name, uri, type: { schemaTitle: type, schemaVersion: '0.0.1' }, metadata };
}
