/** Loops: one task spreads into iterations, a few at a time. */
import type { JsonValue } from '../base/json.ts';
import { convertInput } from '../ir/values.ts';
import type { Artifact } from '../model/artifact.ts';
import { isGoodTask } from '../model/states.ts';
import { type Decision, touch } from './effects.ts';
import { failTask, inputError } from './finish.ts';
import { createInstance } from './instances.ts';
import { hasMore, listLoop } from './loop-list.ts';
import type { TaskInstance, Values } from './run-data.ts';

/**
 * Loops expand only while fewer leaves than this wait to be launched. It bounds memory, not parallelism: as soon as leaves are
 * launched, more iterations follow. Larger than any executor's slots, and large enough for cache look-ups to come in bulk.
 */
const READY_LEAVES_WANTED = 512;

export function openLoop(decision: Decision, task: TaskInstance): void {
  const items = loopItems(task);
  if (items.kind === 'error') return failTask(decision, task, inputError(items.message));
  const limit = task.planTask!.loop!.parallelismLimit;
  task.loop = {
    items: items.items,
    limit: limit > 0 ? limit : Number.POSITIVE_INFINITY,
    next: 0,
    again: [],
    live: 0,
    listed: false,
  };
  task.phase = 'open';
  task.state = 'RUNNING';
  task.startedAtMs = decision.nowMs;
  task.children = [];
  task.unfinished = items.items.length;
  touch(decision, task);
  if (task.unfinished === 0) decision.toClose.push(task);
  else listLoop(decision.run, task);
}

type Items =
  | { readonly kind: 'items'; readonly items: readonly JsonValue[] | readonly Artifact[] }
  | { readonly kind: 'error'; readonly message: string };

function loopItems(task: TaskInstance): Items {
  const loop = task.planTask!.loop!;
  if (loop.kind === 'artifact') {
    const items = task.inputs!.artifacts[loop.inputArtifact];
    return items
      ? { kind: 'items', items }
      : {
          kind: 'error',
          message: `iterating on item input "${loop.itemInput}" failed: cannot find input artifact "${loop.inputArtifact}"`,
        };
  }
  if (loop.items.kind === 'raw') return { kind: 'items', items: loop.items.items };
  const value = task.inputs!.parameters[loop.items.inputParameter];
  const failed = (why: string): Items => ({
    kind: 'error',
    message: `iterating on item input "${loop.itemInput}" failed: ${why}`,
  });
  if (value === undefined) return failed(`cannot find input parameter "${loop.items.inputParameter}"`);
  const list = typeof value === 'string' ? parseList(value) : value;
  if (!Array.isArray(list)) return failed(`value of type ${value === null ? 'null' : typeof value} cannot be iterated`);
  return { kind: 'items', items: list as readonly JsonValue[] };
}

function parseList(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

/** Starts one more iteration if leaves are wanted and a loop has one; the innermost loop first, so that live scopes stay few. */
export function expandNext(decision: Decision): boolean {
  const { run } = decision;
  if (run.readyLeaves >= READY_LEAVES_WANTED || run.canceling) return false;
  const task = run.openLoops.at(-1);
  if (!task) return false;
  const loop = task.loop!;
  const iteration = loop.again.shift() ?? loop.next++;
  loop.live += 1;
  if (!hasMore(loop) || loop.live >= loop.limit) {
    run.openLoops.pop();
    loop.listed = false;
  }
  const known = task.children[iteration];
  if (known) decision.toReopen.push(known);
  else startIteration(decision, newIteration(decision, task, iteration));
  return true;
}

function newIteration({ run, nowMs }: Decision, task: TaskInstance, iteration: number): TaskInstance {
  const { planTask, template } = task;
  const instance = createInstance(run, { parent: task, planTask, template, iteration, nowMs });
  task.children[iteration] = instance;
  return instance;
}

export function startIteration(decision: Decision, instance: TaskInstance): void {
  const inputs = iterationInputs(instance.parent!, instance.iteration!);
  if (inputs.kind === 'error') return failTask(decision, instance, inputError(inputs.message));
  instance.inputs = inputs.values;
  decision.toEnter.push(instance);
}

/** The loop's own inputs plus the item. The list stays among them: some loop bodies declare it. */
function iterationInputs(
  task: TaskInstance,
  iteration: number,
): { kind: 'values'; values: Values } | { kind: 'error'; message: string } {
  const spec = task.planTask!.loop!;
  const item = task.loop!.items[iteration]!;
  const { parameters, artifacts } = task.inputs!;
  if (spec.kind === 'artifact') {
    return { kind: 'values', values: { parameters, artifacts: { ...artifacts, [spec.itemInput]: [item as Artifact] } } };
  }
  const definition = task.template.inputs.parameters[spec.itemInput];
  const converted = definition
    ? convertInput(spec.itemInput, definition, item as JsonValue)
    : { kind: 'value' as const, value: item as JsonValue };
  if (converted.kind === 'error') return converted;
  return { kind: 'values', values: { parameters: { ...parameters, [spec.itemInput]: converted.value }, artifacts } };
}

/**
 * Outputs of a loop, for `dsl.Collected`: parameters nest one list level per loop, artifacts become one flat list; iterations
 * that have no such output (skipped) are left out, no iterations give `[]`.
 */
export function loopOutputs(task: TaskInstance): Values {
  const done = task.children.filter((child): child is TaskInstance => child !== undefined && isGoodTask(child.state));
  const parameters: Record<string, JsonValue> = {};
  const artifacts: Record<string, readonly Artifact[]> = {};
  for (const name of Object.keys(task.template.outputs.parameters)) {
    parameters[name] = done.flatMap((child) => {
      const value = child.outputs?.parameters[name];
      return value === undefined ? [] : [value];
    });
  }
  for (const name of Object.keys(task.template.outputs.artifacts)) {
    artifacts[name] = done.flatMap((child) => child.outputs?.artifacts[name] ?? []);
  }
  return { parameters, artifacts };
}
