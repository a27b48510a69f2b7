import type { ResourceRequest } from '../executors/executor.ts';
import { resolvePlaceholders } from '../ir/placeholders.ts';
import type { ResourceSpec } from '../ir/spec.ts';
import { parseCpuMillis, parseMemoryBytes } from '../ir/values.ts';
import { taskPlaceholders } from './task-placeholders.ts';
import type { RunData, TaskInstance } from './run-data.ts';

const NO_REQUEST: ResourceRequest = {};

/** What the step asks for, with placeholders resolved; what cannot be read as a quantity counts as not asked for. */
export function resourcesOf(run: RunData, task: TaskInstance): ResourceRequest {
  const spec = task.template.kind === 'container' ? task.template.container.resources : undefined;
  if (!spec) return NO_REQUEST;
  const text = (value: string | undefined): string | undefined =>
    value?.includes('{{$') ? resolvePlaceholders(value, taskPlaceholders(run, task, task.inputs!)) : value;
  return requestOf({
    ...mapText(spec, 'cpuLimit', text),
    ...mapText(spec, 'cpuRequest', text),
    ...mapText(spec, 'memoryLimit', text),
    ...mapText(spec, 'memoryRequest', text),
    ...(spec.accelerator
      ? { accelerator: { type: text(spec.accelerator.type) ?? '', count: text(spec.accelerator.count) ?? '' } }
      : {}),
  });
}

function mapText<K extends 'cpuLimit' | 'cpuRequest' | 'memoryLimit' | 'memoryRequest'>(
  spec: ResourceSpec,
  key: K,
  text: (value: string | undefined) => string | undefined,
): Partial<Record<K, string>> {
  const value = text(spec[key]);
  return value === undefined || value === '' ? {} : ({ [key]: value } as Partial<Record<K, string>>);
}

/** Limits stand in for requests that are not given, as on Kubernetes. */
function requestOf(spec: ResourceSpec): ResourceRequest {
  const cpuLimit = read(parseCpuMillis, spec.cpuLimit);
  const cpu = read(parseCpuMillis, spec.cpuRequest) ?? cpuLimit;
  const memoryLimit = read(parseMemoryBytes, spec.memoryLimit);
  const memory = read(parseMemoryBytes, spec.memoryRequest) ?? memoryLimit;
  const count = spec.accelerator ? Number(spec.accelerator.count) : 0;
  return {
    ...(cpu === undefined ? {} : { cpuMillis: cpu }),
    ...(cpuLimit === undefined ? {} : { cpuLimitMillis: cpuLimit }),
    ...(memory === undefined ? {} : { memoryBytes: memory }),
    ...(memoryLimit === undefined ? {} : { memoryLimitBytes: memoryLimit }),
    ...(spec.accelerator?.type && count > 0 ? { accelerator: { type: spec.accelerator.type, count } } : {}),
  };
}

function read(parse: (text: string) => number | undefined, text: string | undefined): number | undefined {
  return text === undefined ? undefined : parse(text);
}
