/** The life of a task instance: started once its dependencies are final, entered, closed when its children are final. */
import { assert, unreachable } from '../base/assert.ts';
import { checkCondition } from './condition.ts';
import { type Decision, touch } from './effects.ts';
import { failTask, finishTask, inputError } from './finish.ts';
import { findArtifacts, importArtifact } from './found-outputs.ts';
import { createInstance } from './instances.ts';
import { loopOutputs, openLoop } from './loops.ts';
import type { PlanTask } from './plan.ts';
import { readyLeaf } from './ready-leaf.ts';
import { resolveInputs } from './resolve-inputs.ts';
import type { TaskInstance } from './run-data.ts';
import { scopeOutputs } from './scope-outputs.ts';

/** All dependencies of the task are final: run it, or skip it and say why. */
export function startTask(decision: Decision, task: TaskInstance): void {
  if (task.phase !== 'waiting') return;
  if (decision.run.canceling) return finishTask(decision, task, 'CANCELED', { reason: decision.run.canceling.reason });
  const { blockedBy, planTask } = task;
  if (blockedBy && planTask?.trigger !== 'completed') {
    task.upstreamFailed = blockedBy.failed;
    const reason = blockedBy.failed ? `${blockedBy.key} did not succeed` : `${blockedBy.key} was skipped`;
    return finishTask(decision, task, 'SKIPPED', { reason });
  }
  if (planTask) {
    const resolved = resolveInputs(decision.run, task);
    if (resolved.kind === 'error') return failTask(decision, task, inputError(resolved.message));
    task.inputs = resolved.values;
    const condition = checkCondition(task);
    if (condition.kind === 'error') return failTask(decision, task, inputError(condition.message));
    if (!condition.value)
      return finishTask(decision, task, 'SKIPPED', { reason: `its condition is false: ${planTask.condition}` });
  }
  if (task.isLoop) return openLoop(decision, task);
  return enterTask(decision, task);
}

/** Starts a task (or one iteration of a loop) whose inputs are known. */
export function enterTask(decision: Decision, task: TaskInstance): void {
  const { template } = task;
  switch (template.kind) {
    case 'scope':
      return openScope(decision, task);
    case 'container':
      return readyLeaf(decision, task);
    case 'importer':
      return importArtifact(decision, task, template);
    case 'resolver':
      return findArtifacts(decision, task, template);
    case 'suspend':
      task.phase = 'suspended';
      task.state = 'RUNNING';
      task.startedAtMs = decision.nowMs;
      task.reason = 'waits for approval';
      return touch(decision, task);
    default:
      return unreachable(template);
  }
}

function openScope(decision: Decision, task: TaskInstance): void {
  const { template } = task;
  assert(template.kind === 'scope', 'only scopes have tasks');
  task.phase = 'open';
  task.state = 'RUNNING';
  task.startedAtMs = decision.nowMs;
  touch(decision, task);
  task.children = template.tasks.map((planTask) => createChild(decision, task, planTask));
  task.unfinished = task.children.length;
  for (const child of task.children) if (child!.pending === 0) decision.toStart.push(child!);
  if (task.unfinished === 0) decision.toClose.push(task);
}

function createChild(decision: Decision, parent: TaskInstance, planTask: PlanTask): TaskInstance {
  const template = decision.run.plan.templates.get(planTask.template);
  assert(template, `the checker refuses the unknown component ${planTask.template}`);
  return createInstance(decision.run, { parent, planTask, template, iteration: null, nowMs: decision.nowMs });
}

/** All children of a scope or loop are final: so is it. */
export function closeTask(decision: Decision, task: TaskInstance): void {
  if (task.phase !== 'open' || task.unfinished > 0) return;
  const outputs = task.isLoop ? loopOutputs(task) : scopeOutputs(task);
  const { failedChild } = task;
  if (failedChild) {
    const error = failedChild.error ?? inputError(`task ${failedChild.planTask?.key ?? failedChild.number} failed`);
    return finishTask(decision, task, 'FAILED', { outputs, error });
  }
  if (task.canceledChild) return finishTask(decision, task, 'CANCELED', { outputs });
  finishTask(decision, task, 'SUCCEEDED', { outputs });
}
