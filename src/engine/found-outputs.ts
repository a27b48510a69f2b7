/** Outputs that are found rather than made: cache hits, importers, resolvers. */
import type { JsonObject } from '../base/json.ts';
import { resolveNested, resolvePlaceholders } from '../ir/placeholders.ts';
import type { Artifact } from '../model/artifact.ts';
import { artifactTypeName } from '../model/artifact-type-name.ts';
import type { RunEvent } from '../model/events.ts';
import { artifactIdOf } from './attempts.ts';
import { type Decision, touch } from './effects.ts';
import { recordArtifact, recordLineage } from './lineage.ts';
import type { ImporterTemplate, ResolverTemplate } from './plan.ts';
import { withDefaults } from './resolve-inputs.ts';
import type { TaskInstance } from './run-data.ts';
import { taskPlaceholders } from './task-placeholders.ts';
import { failTask, finishTask, inputError } from './finish.ts';

export function takeFromCache(decision: Decision, task: TaskInstance, event: Extract<RunEvent, { kind: 'cache-hit' }>): void {
  if (task.phase !== 'ready') return;
  const artifacts: Record<string, readonly Artifact[]> = {};
  for (const [name, list] of Object.entries(event.artifacts)) {
    const type = task.template.outputs.artifacts[name]?.artifactType ?? {};
    artifacts[name] = list.map(({ id, uri, metadata }) => ({ id, name, uri, type, metadata }));
  }
  recordLineage(decision, task, 'input', task.inputs!.artifacts);
  recordLineage(decision, task, 'output', artifacts);
  task.startedAtMs = decision.nowMs;
  task.cachedFrom = event.fromTaskId;
  finishTask(decision, task, 'CACHED', {
    outputs: { parameters: event.parameters, artifacts },
    reason: `the same step ran before as ${event.fromTaskId}`,
  });
}

export function importArtifact(decision: Decision, task: TaskInstance, template: ImporterTemplate): void {
  const { run, effects, nowMs } = decision;
  const { importer } = template;
  const inputs = { parameters: withDefaults(task, task.inputs!.parameters), artifacts: task.inputs!.artifacts };
  const context = taskPlaceholders(run, task, inputs);
  const uri =
    importer.artifactUri.kind === 'constant'
      ? resolveNested(importer.artifactUri.value, context)
      : inputs.parameters[importer.artifactUri.name];
  const outputs = Object.keys(template.outputs.artifacts);
  if (outputs.length !== 1)
    return failTask(decision, task, inputError(`an importer has exactly one output artifact, this one has ${outputs.length}`));
  if (typeof uri !== 'string' || uri === '') return failTask(decision, task, inputError('the URI to import is empty'));
  const type = artifactTypeName(importer.typeSchema);
  // As KFP: it shows the files of such an image to steps as a model's.
  if (uri.startsWith('oci://') && type !== 'system.Model')
    return failTask(
      decision,
      task,
      inputError(`an image (${uri}) can only be imported as system.Model, not as ${type || 'an artifact without a type'}`),
    );
  startFinding(task, nowMs);
  touch(decision, task);
  effects.commands.push({
    kind: 'import',
    run,
    task,
    request: {
      output: outputs[0]!,
      uri,
      type: importer.typeSchema,
      metadata: resolveNested(importer.metadata, context) as JsonObject,
      reimport: importer.reimport,
      downloadToWorkspace: importer.downloadToWorkspace,
    },
  });
}

export function findArtifacts(decision: Decision, task: TaskInstance, template: ResolverTemplate): void {
  const { run, effects, nowMs } = decision;
  const context = taskPlaceholders(run, task, {
    parameters: withDefaults(task, task.inputs!.parameters),
    artifacts: task.inputs!.artifacts,
  });
  startFinding(task, nowMs);
  touch(decision, task);
  const queries = Object.entries(template.resolver.outputArtifactQueries).map(([output, { filter, limit }]) => ({
    output,
    filter: resolvePlaceholders(filter, context),
    limit: limit > 0 ? limit : 1,
    type: template.outputs.artifacts[output]?.artifactType ?? {},
  }));
  effects.commands.push({ kind: 'resolve', run, task, queries });
}

function startFinding(task: TaskInstance, nowMs: number): void {
  task.phase = 'finding';
  task.state = 'RUNNING';
  task.startedAtMs = nowMs;
}

export function takeFoundArtifacts(
  decision: Decision,
  task: TaskInstance,
  event: Extract<RunEvent, { kind: 'artifacts-found' }>,
): void {
  if (task.phase !== 'finding') return;
  const artifacts: Record<string, readonly Artifact[]> = {};
  for (const [name, list] of Object.entries(event.artifacts)) {
    const type = foundType(task, name);
    artifacts[name] = list.map(({ id, uri, metadata, sizeBytes }, position) => {
      const artifact: Artifact = { id: id ?? artifactIdOf(decision, task, name, position), name, uri, type, metadata };
      if (id === undefined) recordArtifact(decision, task, artifact, sizeBytes);
      return artifact;
    });
  }
  recordLineage(decision, task, 'input', task.inputs!.artifacts);
  recordLineage(decision, task, 'output', artifacts);
  finishTask(decision, task, 'SUCCEEDED', { outputs: { parameters: {}, artifacts } });
}

function foundType(task: TaskInstance, name: string): Artifact['type'] {
  if (task.template.kind === 'importer') return task.template.importer.typeSchema;
  return task.template.outputs.artifacts[name]?.artifactType ?? {};
}
