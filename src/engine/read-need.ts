/** Requests and limits as they are written, read as Kubernetes reads them. */
import type { ResourceRequest } from '../executors/executor.ts';
import type { ResourceSpec } from '../ir/spec.ts';
import { parseCpuMillis, parseMemoryBytes, parseQuantity } from '../ir/values.ts';
import type { Need } from './admission-shape.ts';
import type { Refusal } from './admission-words.ts';

type Resolve = (text: string) => string;

/**
 * Limits stand in for requests that are not given, as on Kubernetes; a blank text is nothing given. `resolve` puts in what
 * placeholders stand for; default: there are none.
 */
export function readNeed(spec: ResourceSpec, resolve: Resolve = (text) => text): Need | Refusal {
  const problems: Refusal[] = [];
  const read = (field: keyof typeof FIELDS): number | undefined => {
    const text = resolve(spec[field] ?? '').trim();
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

/** The need as far as it is written out; undefined where amounts come from parameters. */
export function writtenNeed(spec: ResourceSpec): Need | Refusal | undefined {
  return JSON.stringify(spec).includes('{{$') ? undefined : readNeed(spec);
}

const FIELDS = {
  cpuLimit: { parse: parseCpuMillis, word: 'CPU limit', example: '500m or 2' },
  cpuRequest: { parse: parseCpuMillis, word: 'CPU request', example: '500m or 2' },
  memoryLimit: { parse: parseMemoryBytes, word: 'memory limit', example: '512Mi or 4G' },
  memoryRequest: { parse: parseMemoryBytes, word: 'memory request', example: '512Mi or 4G' },
} as const;

function readAccelerator(
  { accelerator }: ResourceSpec,
  resolve: Resolve,
): NonNullable<ResourceRequest['accelerator']> | Refusal | undefined {
  const [type, text] = [accelerator?.type, accelerator?.count].map((given) => resolve(given ?? '').trim()) as [string, string];
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
