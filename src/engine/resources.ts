/** What a step asks for: its requests and limits, and what it says about nodes, with placeholders resolved. */
import type { ResourceRequest } from '../executors/executor.ts';
import { resolvePlaceholders } from '../ir/placeholders.ts';
import type { ResourceSpec } from '../ir/spec.ts';
import { constraintsOf, wrongIn } from './admission-matching.ts';
import { NOTHING_NEEDED } from './admission.ts';
import type { Need } from './admission-shape.ts';
import type { Refusal } from './admission-words.ts';
import { dynamicValue } from './dynamic-value.ts';
import { nodeSettingsProblem } from './node-settings.ts';
import { resolvePlatform } from './platform.ts';
import { podNeed } from './pod-need.ts';
import { readNeed, writtenNeed } from './read-need.ts';
import type { RunData, TaskInstance } from './run-data.ts';
import { appliedToStep, passedThroughOnly } from './task-config.ts';
import { taskPlaceholders } from './task-placeholders.ts';

/** What the step is admitted for: what it only passes on to something it starts itself is not part of it. */
export function needOf(run: RunData, task: TaskInstance, { hasPools }: { readonly hasPools: boolean }): Need | Refusal {
  const { template } = task;
  if (template.kind !== 'container') return NOTHING_NEEDED;
  const own = passedThroughOnly(template).has('RESOURCES') ? NOTHING_NEEDED : readOf(run, task);
  const need = 'message' in own ? own : podNeed(own, template.platform);
  if ('message' in need) return need;
  if (!hasPools || !saysWhere(template.platform)) return need;
  const constraints = constraintsOf(appliedToStep(template, resolvePlatform(run, task)));
  const problem =
    nodeSettingsProblem(template.platform, (spec) => dynamicValue(run, task, spec)) ?? (constraints && wrongIn(constraints));
  if (problem) return problem;
  return constraints === undefined ? need : { ...need, constraints };
}

/** The requests of a step as they are written, for those it passes on too; what cannot be read counts as not asked for. */
export function resourcesOf(run: RunData, task: TaskInstance): ResourceRequest {
  const need = readOf(run, task);
  return 'message' in need ? NOTHING_NEEDED.request : need.request;
}

function saysWhere(platform: Readonly<Record<string, unknown>>): boolean {
  return 'nodeSelector' in platform || 'tolerations' in platform || 'nodeAffinity' in platform;
}

const writtenNeeds = new WeakMap<ResourceSpec, Need | Refusal>();

/** Read once for all steps of a component, unless parameters play a part. */
function readOf(run: RunData, task: TaskInstance): Need | Refusal {
  const spec = task.template.kind === 'container' ? task.template.container.resources : undefined;
  if (!spec) return NOTHING_NEEDED;
  const written = writtenNeeds.get(spec) ?? writtenNeed(spec);
  if (written) {
    writtenNeeds.set(spec, written);
    return written;
  }
  const context = taskPlaceholders(run, task, task.inputs!);
  return readNeed(spec, (text) => resolvePlaceholders(text, context));
}
