/** Steps that ask for different amounts and use what they ask for: how busy they keep the machine, and whether it is ever overbooked. */
import type { ExecutorSpec, PipelineDocument, ResourceSpec, TaskSpec } from '../../src/ir/spec.ts';
import type { AttemptRow } from '../../src/model/run.ts';
import { container, dag, param, pipelineDocument, step, task } from '../../test/support/spec-builder.ts';

interface Kind {
  readonly share: number;
  readonly cpuMillis: number;
  readonly resources: ResourceSpec;
  /** Processes that are busy, and for how much of the time. */
  readonly processes: number;
  readonly dutyPercent: number;
}

const BUSY_MS = 60;

function kindsOn(cores: number): Readonly<Record<string, Kind>> {
  return {
    one: { share: 0.4, cpuMillis: 1000, resources: { cpuRequest: '1', memoryRequest: '64Mi' }, processes: 1, dutyPercent: 100 },
    half: { share: 0.3, cpuMillis: 500, resources: { cpuRequest: '500m' }, processes: 1, dutyPercent: 50 },
    all: { share: 0.2, cpuMillis: cores * 1000, resources: { cpuRequest: String(cores) }, processes: cores, dutyPercent: 100 },
    memory: { share: 0.1, cpuMillis: 1000, resources: { cpuLimit: '1', memoryLimit: '1Gi' }, processes: 1, dutyPercent: 100 },
  };
}

/** `steps` of all kinds, ready at once; `burn` is the program of burn.c. */
export function mixedRequests(steps: number, burn: string, cores: number): PipelineDocument {
  const kinds = Object.entries(kindsOn(cores));
  const tasks: Record<string, TaskSpec> = {};
  const executors: Record<string, ExecutorSpec> = {};
  for (const [name, { share, resources, processes, dutyPercent }] of kinds) {
    const items = Array.from({ length: Math.round(steps * share) }, (_, index) => index);
    const iterator = { kind: 'parameter', items: { kind: 'raw', items }, itemInput: 'item', parallelismLimit: 0 } as const;
    tasks[name] = task(`comp-${name}`, { caching: { enabled: false }, iterator });
    const busyMs = (BUSY_MS * dutyPercent) / 100;
    const program = container([burn, String(busyMs), String(processes), String(dutyPercent)]);
    if (program.kind === 'container')
      executors[`exec-${name}`] = { kind: 'container', container: { ...program.container, resources } };
  }
  const components = kinds.map(([name]) => [`comp-${name}`, step(`exec-${name}`, { inputs: { item: param('NUMBER_INTEGER') } })]);
  return pipelineDocument(dag(tasks), Object.fromEntries(components), executors, 'bench-mixed-requests');
}

/** By the attempts as recorded: the CPU that was promised at most at once, and on average. `kindOf` names the kind of a task. */
export function promisedMillis(
  attempts: readonly AttemptRow[],
  cores: number,
  kindOf: (task: number) => string,
): { readonly most: number; readonly average: number } {
  const kinds = kindsOn(cores);
  const changes = attempts.flatMap(({ task: number, startedAtMs, endedAtMs }) => {
    const { cpuMillis } = kinds[kindOf(number)]!;
    return [
      { atMs: startedAtMs!, millis: cpuMillis },
      { atMs: endedAtMs!, millis: -cpuMillis },
    ];
  });
  // In the same millisecond, what ends does so before what is started in its place.
  changes.sort((left, right) => left.atMs - right.atMs || left.millis - right.millis);
  let [now, most, sum] = [0, 0, 0];
  for (const [index, { atMs, millis }] of changes.entries()) {
    now += millis;
    most = Math.max(most, now);
    sum += now * ((changes[index + 1]?.atMs ?? atMs) - atMs);
  }
  return { most, average: sum / (changes.at(-1)!.atMs - changes[0]!.atMs) };
}
