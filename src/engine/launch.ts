/** Everything an executor needs to run the next attempt of a task, worked out from the run's state alone. */
import { assert } from '../base/assert.ts';
import type { JsonValue } from '../base/json.ts';
import type { PlannedArtifact, ResourceRequest, TaskLaunch } from '../executors/executor.ts';
import { resolvePlaceholders } from '../ir/placeholders.ts';
import type { ParameterType } from '../ir/spec.ts';
import { artifactIdOf } from './attempts.ts';
import { pathSegment } from './path-segment.ts';
import { resolvePlatform, stepTimeoutMs } from './platform.ts';
import type { ContainerTemplate } from './plan.ts';
import { withDefaults } from './resolve-inputs.ts';
import { resourcesOf } from './resources.ts';
import { retryDeadline } from './retry.ts';
import { attemptIdOf, pathOf, taskIdOf, taskUuidOf, type RunData, type TaskInstance } from './run-data.ts';
import { appliedToStep, passedThroughOnly, taskConfigOf } from './task-config.ts';
import { taskPlaceholders } from './task-placeholders.ts';

/** For a task in phase `running`; the same attempt always gives the same launch. */
export function buildLaunch(run: RunData, task: TaskInstance, admittedFor: ResourceRequest): TaskLaunch {
  const { template } = task;
  assert(template.kind === 'container' && task.inputs && task.attempts > 0, 'only launched steps have a launch');
  const taskUuid = taskUuidOf(run, task);
  const [pipeline, key] = [pathSegment(run.plan.pipelineName), pathSegment(task.planTask!.key)];
  const taskRoot = `${run.facts.pipelineRoot}/${pipeline}/${run.definition.runId}/${key}/${taskUuid}`;
  const platform = resolvePlatform(run, task);
  const config = taskConfigOf(template, () => resourcesOf(run, task), platform);
  const withheld = passedThroughOnly(template);
  const timeoutMs = attemptTimeoutMs(task);
  return {
    attemptId: attemptIdOf(run, task),
    runId: run.definition.runId,
    taskId: taskIdOf(run, task),
    taskUuid,
    attempt: task.attempts - 1,
    taskKey: task.planTask!.key,
    path: pathOf(task),
    run: run.facts,
    image: imageOf(run, task, template),
    command: template.container.command,
    args: template.container.args,
    env: withheld.has('ENV') ? [] : template.container.env,
    hasRetryPolicy: task.retry !== null,
    inputs: {
      parameters: {
        ...withoutNulls(withDefaults(task, task.inputs.parameters)),
        ...(config ? { [config.input]: config.value } : {}),
      },
      artifacts: task.inputs.artifacts,
    },
    outputs: { parameters: outputTypes(template), artifacts: plannedArtifacts(run, task, template, taskRoot) },
    taskRoot,
    resources: admittedFor,
    ...(task.placement && { placement: task.placement }),
    platform: appliedToStep(template, platform),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  };
}

function imageOf(run: RunData, task: TaskInstance, template: ContainerTemplate): string {
  const { image } = template.container;
  return image.includes('{{$') ? resolvePlaceholders(image, taskPlaceholders(run, task, task.inputs!)) : image;
}

function withoutNulls(parameters: Readonly<Record<string, JsonValue>>): Record<string, JsonValue> {
  return Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== null));
}

const outputTypesOf = new WeakMap<ContainerTemplate, Readonly<Record<string, ParameterType>>>();

function outputTypes(template: ContainerTemplate): Readonly<Record<string, ParameterType>> {
  let types = outputTypesOf.get(template);
  if (!types) {
    types = Object.fromEntries(
      Object.entries(template.outputs.parameters).map(([name, { parameterType }]) => [name, parameterType]),
    );
    outputTypesOf.set(template, types);
  }
  return types;
}

function plannedArtifacts(
  run: RunData,
  task: TaskInstance,
  template: ContainerTemplate,
  taskRoot: string,
): Record<string, PlannedArtifact> {
  const planned: Record<string, PlannedArtifact> = {};
  for (const [name, { artifactType, metadata }] of Object.entries(template.outputs.artifacts)) {
    planned[name] = { id: artifactIdOf({ run }, task, name, 0), name, uri: `${taskRoot}/${name}`, type: artifactType, metadata };
  }
  return planned;
}

/** The step's own deadline, and for a retry what is left of the backoff window. */
function attemptTimeoutMs(task: TaskInstance): number | undefined {
  const own = stepTimeoutMs(task);
  const windowEnd = task.failures > 0 ? retryDeadline(task.retry, task.firstLaunchedAtMs!) : undefined;
  if (windowEnd === undefined) return own;
  return Math.max(1, Math.min(own ?? Number.POSITIVE_INFINITY, windowEnd - task.launchedAtMs!));
}
