import type { RetryPolicy } from '../ir/spec.ts';
import type { PlanTask, Template } from './plan.ts';
import type { RunData, TaskInstance } from './run-data.ts';

interface NewInstance {
  readonly parent: TaskInstance | null;
  readonly planTask: PlanTask | null;
  readonly template: Template;
  readonly iteration: number | null;
  readonly nowMs: number;
}

export function createInstance(run: RunData, { parent, planTask, template, iteration, nowMs }: NewInstance): TaskInstance {
  const retry: RetryPolicy | null = planTask?.retry ?? parent?.retry ?? null;
  const instance: TaskInstance = {
    number: run.tasks.length,
    parent,
    planTask,
    template,
    iteration,
    isLoop: planTask?.loop !== undefined && iteration === null,
    retry,
    phase: 'waiting',
    state: 'PENDING',
    generation: 0,
    createdAtMs: nowMs,
    startedAtMs: null,
    endedAtMs: null,
    pending: planTask && iteration === null ? planTask.dependencies.length : 0,
    blockedBy: null,
    upstreamFailed: false,
    inputs: null,
    outputs: null,
    error: null,
    reason: null,
    waitsFor: null,
    placement: null,
    children: [],
    unfinished: 0,
    failedChild: null,
    canceledChild: false,
    loop: null,
    attempts: 0,
    failures: 0,
    systemFailures: 0,
    firstLaunchedAtMs: null,
    launchedAtMs: null,
    retryAtMs: null,
    cacheKey: null,
    cachedFrom: null,
    skipCache: parent?.skipCache ?? false,
  };
  run.tasks.push(instance);
  return instance;
}
