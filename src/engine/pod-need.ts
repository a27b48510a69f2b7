/**
 * What a step is admitted for that has more containers than its own. As Kubernetes counts ("Init Containers: resource sharing",
 * "Sidecar Containers"): they run one after the other, each beside the sidecars that were begun before it, and the step's own beside
 * all of them; of each resource the most that is needed at once.
 */
import type { JsonObject } from '../base/json.ts';
import type { ResourceRequest } from '../executors/executor.ts';
import type { Need } from './admission-shape.ts';
import type { Refusal } from './admission-words.ts';
import { resourceSpecOf } from './init-containers.ts';
import { listOf, textOf } from './json-fields.ts';
import { readNeed } from './read-need.ts';

/** `own`: of the step's own container; `config`: its platform settings. The answer is refused for what cannot be read. */
export function podNeed(own: Need, config: JsonObject): Need | Refusal {
  const specs = listOf(config['initContainers']);
  if (specs.length === 0) return own;
  const moments: (readonly Need[])[] = [];
  const sidecars: Need[] = [];
  for (const spec of specs) {
    const need = readNeed(resourceSpecOf(spec));
    if ('message' in need) return { ...need, message: `has an init container "${textOf(spec['name'])}" that ${need.message}` };
    moments.push([need, ...sidecars]);
    if (textOf(spec['restartPolicy']) === 'Always') sidecars.push(need);
  }
  moments.push([own, ...sidecars]);
  return atMost(own, moments);
}

function atMost(own: Need, moments: readonly (readonly Need[])[]): Need {
  const cpu = largest(moments, ({ request, byLimit }) => [request.cpuMillis, byLimit?.cpu]);
  const memory = largest(moments, ({ request, byLimit }) => [request.memoryBytes, byLimit?.memory]);
  const accelerator = largestAccelerator(own, moments);
  const { cpuLimitMillis, memoryLimitBytes } = own.request;
  return {
    request: {
      ...(cpu.amount > 0 ? { cpuMillis: cpu.amount } : {}),
      ...(cpuLimitMillis === undefined ? {} : { cpuLimitMillis }),
      ...(memory.amount > 0 ? { memoryBytes: memory.amount } : {}),
      ...(memoryLimitBytes === undefined ? {} : { memoryLimitBytes }),
      ...(accelerator ? { accelerator } : {}),
    },
    ...(cpu.byLimit || memory.byLimit ? { byLimit: { cpu: cpu.byLimit, memory: memory.byLimit } } : {}),
  };
}

type Reading = (need: Need) => readonly [amount: number | undefined, byLimit: boolean | undefined];

/** An amount follows from limits if most of it does. */
function largest(moments: readonly (readonly Need[])[], read: Reading) {
  let most = { amount: 0, byLimit: false };
  for (const needs of moments) {
    let [amount, limited] = [0, 0];
    for (const [one = 0, byLimit = false] of needs.map(read)) {
      amount += one;
      if (byLimit) limited += one;
    }
    if (amount > most.amount) most = { amount, byLimit: limited > amount / 2 };
  }
  return most;
}

/** Of one kind, as steps have: its own, or the first that another container asks for. */
function largestAccelerator(own: Need, moments: readonly (readonly Need[])[]): ResourceRequest['accelerator'] {
  const asked = [own, ...moments.flat()].find(({ request }) => request.accelerator)?.request.accelerator;
  if (!asked) return undefined;
  const countOf = ({ request: { accelerator } }: Need) => (accelerator?.type === asked.type ? accelerator.count : 0);
  const { amount } = largest(moments, (need) => [countOf(need), false]);
  return { type: asked.type, count: amount };
}
