/** Attempts of a leaf: launched, finished, tried again. */
import { derivedUuid } from '../base/ids.ts';
import type { RunEvent } from '../model/events.ts';
import type { AttemptOutcome } from '../model/outcome.ts';
import type { TaskState } from '../model/states.ts';
import type { CachedArtifact } from '../store/store.ts';
import type { Artifact } from '../model/artifact.ts';
import { type Decision, touch } from './effects.ts';
import { nextRetry } from './retry.ts';
import { taskIdOf, type TaskInstance, type Values } from './run-data.ts';
import { finishTask } from './finish.ts';
import { recordArtifact, recordLineage } from './lineage.ts';

type Launched = Extract<RunEvent, { kind: 'launched' }>;
type Finished = Extract<RunEvent, { kind: 'finished' }>;

export function launchTask(decision: Decision, task: TaskInstance, event: Launched): void {
  if (task.phase !== 'ready' || task.attempts !== event.attempt) return;
  decision.run.readyLeaves -= 1;
  task.phase = 'running';
  task.state = 'RUNNING';
  task.attempts += 1;
  task.placement = event.placement ?? null;
  task.launchedAtMs = decision.nowMs;
  task.startedAtMs ??= decision.nowMs;
  task.firstLaunchedAtMs ??= decision.nowMs;
  if (event.cacheMiss !== undefined) task.reason = event.cacheMiss;
  else if (event.attempt > 0) task.reason = null;
  touch(decision, task);
  if (task.attempts === 1) recordLineage(decision, task, 'input', task.inputs!.artifacts);
}

export function finishAttempt(decision: Decision, task: TaskInstance, event: Finished): void {
  if (task.phase !== 'running' || event.attempt !== task.attempts - 1) return;
  const { outcome } = event;
  recordAttempt(decision, task, event);
  switch (outcome.kind) {
    case 'succeeded':
      return succeed(decision, task, outcome, event.endedAtMs);
    case 'failed':
      return fail(decision, task, outcome, event.endedAtMs);
    case 'canceled':
      return finishTask(decision, task, 'CANCELED', {
        reason: decision.run.canceling?.reason ?? 'canceled',
        endedAtMs: event.endedAtMs,
      });
  }
}

const STATE_OF: Record<AttemptOutcome['kind'], TaskState> = { succeeded: 'SUCCEEDED', failed: 'FAILED', canceled: 'CANCELED' };

function recordAttempt(
  { run, effects }: Decision,
  task: TaskInstance,
  { outcome, startedAtMs, endedAtMs, attempt }: Finished,
): void {
  const use = outcome.kind === 'canceled' ? undefined : outcome.use;
  effects.attempts.push({
    runId: run.definition.runId,
    task: task.number,
    attempt,
    state: STATE_OF[outcome.kind],
    error: outcome.kind === 'failed' ? outcome.error : null,
    launchedAtMs: task.launchedAtMs ?? startedAtMs,
    startedAtMs,
    endedAtMs,
    cpuMs: use?.cpuMs ?? null,
    peakMemoryBytes: use?.peakMemoryBytes ?? null,
    ...(task.placement && { placement: task.placement }),
  });
}

function succeed(
  decision: Decision,
  task: TaskInstance,
  outcome: Extract<AttemptOutcome, { kind: 'succeeded' }>,
  endedAtMs: number,
): void {
  const outputs = recordOutputs(decision, task, outcome);
  if (task.cacheKey !== null) {
    const { namespace, plan } = decision.run;
    decision.effects.cache.push({
      namespace,
      pipelineName: plan.pipelineName,
      key: task.cacheKey,
      entry: {
        taskId: taskIdOf(decision.run, task),
        parameters: outputs.parameters,
        artifacts: cachedArtifacts(outputs, outcome),
        createdAtMs: endedAtMs,
      },
    });
  }
  finishTask(decision, task, 'SUCCEEDED', { outputs, endedAtMs });
}

function cachedArtifacts(
  values: Values,
  { outputs }: Extract<AttemptOutcome, { kind: 'succeeded' }>,
): Record<string, CachedArtifact[]> {
  const cached: Record<string, CachedArtifact[]> = {};
  for (const [name, list] of Object.entries(values.artifacts)) {
    cached[name] = list.map((artifact, position) => ({
      ...artifact,
      written: outputs.artifacts[name]?.[position]?.sizeBytes !== undefined,
    }));
  }
  return cached;
}

/** Gives each output artifact its record and its lineage. */
function recordOutputs(
  decision: Decision,
  task: TaskInstance,
  { outputs }: Extract<AttemptOutcome, { kind: 'succeeded' }>,
): Values {
  const artifacts: Record<string, readonly Artifact[]> = {};
  for (const [name, found] of Object.entries(outputs.artifacts)) {
    const type = task.template.outputs.artifacts[name]?.artifactType ?? {};
    artifacts[name] = found.map(({ uri, metadata, sizeBytes }, position) => {
      const artifact: Artifact = { id: artifactIdOf(decision, task, name, position), name, uri, type, metadata };
      recordArtifact(decision, task, artifact, sizeBytes);
      return artifact;
    });
  }
  recordLineage(decision, task, 'output', artifacts);
  return { parameters: outputs.parameters, artifacts };
}

export function artifactIdOf({ run }: Pick<Decision, 'run'>, task: TaskInstance, name: string, position: number): string {
  return derivedUuid('artifact', run.definition.runId, task.number, task.generation, name, position);
}

function fail(
  decision: Decision,
  task: TaskInstance,
  { error }: Extract<AttemptOutcome, { kind: 'failed' }>,
  endedAtMs: number,
): void {
  if (error.cause === 'system') task.systemFailures += 1;
  else task.failures += 1;
  const { canceling } = decision.run;
  if (canceling) return finishTask(decision, task, 'CANCELED', { error, reason: canceling.reason, endedAtMs });
  const retry = nextRetry(error, {
    policy: task.retry,
    failures: task.failures,
    systemFailures: task.systemFailures,
    firstLaunchedAtMs: task.firstLaunchedAtMs!,
    endedAtMs,
  });
  if ('refused' in retry) {
    return finishTask(decision, task, 'FAILED', {
      error,
      endedAtMs,
      ...(retry.refused === null ? {} : { reason: retry.refused }),
    });
  }
  task.error = error;
  task.reason = `attempt ${task.attempts} failed; the next starts at ${new Date(retry.atMs).toISOString()}`;
  task.phase = 'backoff';
  task.retryAtMs = retry.atMs;
  touch(decision, task);
  decision.effects.commands.push({ kind: 'retry-at', run: decision.run, task, atMs: retry.atMs });
}

export function retryTask(decision: Decision, task: TaskInstance, attempt: number): void {
  if (task.phase !== 'backoff' || attempt !== task.attempts) return;
  task.phase = 'ready';
  task.state = 'PENDING';
  task.retryAtMs = null;
  decision.run.readyLeaves += 1;
  touch(decision, task);
  decision.effects.commands.push({ kind: 'offer', run: decision.run, task });
}
