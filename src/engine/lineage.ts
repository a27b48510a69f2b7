import type { Artifact } from '../model/artifact.ts';
import type { Decision } from './effects.ts';
import type { TaskInstance } from './run-data.ts';

/** Which execution read or wrote which artifact: one row per artifact and name. */
export function recordLineage(
  { run, effects }: Decision,
  task: TaskInstance,
  direction: 'input' | 'output',
  artifacts: Readonly<Record<string, readonly Artifact[]>>,
): void {
  for (const [name, list] of Object.entries(artifacts)) {
    for (const [position, artifact] of list.entries()) {
      effects.lineage.push({
        runId: run.definition.runId,
        task: task.number,
        artifactId: artifact.id,
        direction,
        name,
        position,
      });
    }
  }
}

export function recordArtifact(decision: Decision, task: TaskInstance, artifact: Artifact, sizeBytes: number | undefined): void {
  const { run, effects, nowMs } = decision;
  effects.artifacts.push({
    ...artifact,
    namespace: run.namespace,
    pipelineName: run.plan.pipelineName,
    runId: run.definition.runId,
    task: task.number,
    sizeBytes: sizeBytes ?? null,
    createdAtMs: nowMs,
  });
}
