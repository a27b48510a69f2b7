/** What a step asks for: its requests and limits, and what it says about nodes, with placeholders resolved. */
import type { ResourceRequest } from '../executors/executor.ts';
import { resolvePlaceholders } from '../ir/placeholders.ts';
import type { ResourceSpec } from '../ir/spec.ts';
import { parseCpuMillis, parseMemoryBytes, parseQuantity } from '../ir/values.ts';
import { constraintsOf, wrongIn } from './admission-matching.ts';
import { NOTHING_NEEDED } from './admission.ts';
import type { Need } from './admission-shape.ts';
import type { Refusal } from './admission-words.ts';
import { dynamicValue } from './dynamic-value.ts';
import { nodeSettingsProblem } from './node-settings.ts';
import { resolvePlatform } from './platform.ts';
import type { RunData, TaskInstance } from './run-data.ts';
import { appliedToStep, passedThroughOnly } from './task-config.ts';
import { taskPlaceholders } from './task-placeholders.ts';

/** What the step is admitted for: what it only passes on to something it starts itself is not part of it. */
export function needOf(run: RunData, task: TaskInstance, { hasPools }: { readonly hasPools: boolean }): Need | Refusal {
  const { template } = task;
  if (template.kind !== 'container') return NOTHING_NEEDED;
  const need = passedThroughOnly(template).has('RESOURCES') ? NOTHING_NEEDED : readOf(run, task);
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

const plainNeeds = new WeakMap<ResourceSpec, Need | Refusal>();

/** Read once for all steps of a component, unless parameters play a part. */
function readOf(run: RunData, task: TaskInstance): Need | Refusal {
  const spec = task.template.kind === 'container' ? task.template.container.resources : undefined;
  if (!spec) return NOTHING_NEEDED;
  let need = plainNeeds.get(spec);
  if (need) return need;
  const isPlain = !JSON.stringify(spec).includes('{{$');
  const context = isPlain ? undefined : taskPlaceholders(run, task, task.inputs!);
  need = readNeed(spec, (text) => (context ? resolvePlaceholders(text, context) : text).trim());
  if (isPlain) plainNeeds.set(spec, need);
  return need;
}

/** Limits stand in for requests that are not given, as on Kubernetes; an empty text is nothing given. */
export function readNeed(spec: ResourceSpec, resolve: (text: string) => string): Need | Refusal {
  const problems: Refusal[] = [];
  const read = (field: keyof typeof FIELDS): number | undefined => {
    const text = resolve(spec[field] ?? '');
    if (text === '') return undefined;
    const { parse, word, example } = FIELDS[field];
    const amount = parse(text);
    const what = amount !== undefined && amount < 0 ? 'is below zero' : 'is not a quantity';
    if (amount === undefined || !Number.isFinite(amount) || amount < 0)
      problems.push({ message: `asks for "${text}" as its ${word}, which ${what}`, hint: `write it like ${example}` });
    return amount;
  };
  const [cpuLimit, memoryLimit] = [read('cpuLimit'), read('memoryLimit')];
  const [cpuRequest, memoryRequest] = [read('cpuRequest'), read('memoryRequest')];
  // Zero is nothing asked for; a limit of zero still forbids to ask for more.
  const [cpu, memory] = [cpuRequest ?? cpuLimit, memoryRequest ?? memoryLimit];
  const accelerator = readAccelerator(spec, resolve);
  if (accelerator && 'message' in accelerator) problems.push(accelerator);
  if (cpu !== undefined && cpuLimit !== undefined && cpu > cpuLimit) problems.push(overLimit('CPU'));
  if (memory !== undefined && memoryLimit !== undefined && memory > memoryLimit) problems.push(overLimit('memory'));
  if (problems[0]) return problems[0];
  const byLimit = {
    cpu: cpuRequest === undefined && cpu !== undefined,
    memory: memoryRequest === undefined && memory !== undefined,
  };
  const request = {
    ...(cpu ? { cpuMillis: cpu } : {}),
    ...(cpuLimit ? { cpuLimitMillis: cpuLimit } : {}),
    ...(memory ? { memoryBytes: memory } : {}),
    ...(memoryLimit ? { memoryLimitBytes: memoryLimit } : {}),
    ...(accelerator && 'type' in accelerator ? { accelerator } : {}),
  };
  return byLimit.cpu || byLimit.memory ? { request, byLimit } : { request };
}

const FIELDS = {
  cpuLimit: { parse: parseCpuMillis, word: 'CPU limit', example: '500m or 2' },
  cpuRequest: { parse: parseCpuMillis, word: 'CPU request', example: '500m or 2' },
  memoryLimit: { parse: parseMemoryBytes, word: 'memory limit', example: '512Mi or 4G' },
  memoryRequest: { parse: parseMemoryBytes, word: 'memory request', example: '512Mi or 4G' },
} as const;

function readAccelerator(
  { accelerator }: ResourceSpec,
  resolve: (text: string) => string,
): NonNullable<ResourceRequest['accelerator']> | Refusal | undefined {
  const [type, text] = [resolve(accelerator?.type ?? ''), resolve(accelerator?.count ?? '')];
  if (type === '' || text === '') return undefined;
  const count = parseQuantity(text) ?? Number.NaN;
  if (!Number.isSafeInteger(count) || count < 0)
    return {
      message: `asks for "${text}" accelerators of type ${type}, which is not a whole number`,
      hint: 'give a count like 1',
    };
  return count === 0 ? undefined : { type, count };
}

function overLimit(word: string): Refusal {
  return { message: `asks for more ${word} than its ${word} limit`, hint: 'raise the limit or lower the request' };
}
