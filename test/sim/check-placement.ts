import type { Capacity, TaskLaunch } from '../../src/executors/executor.ts';

type Placed = Pick<TaskLaunch, 'path' | 'resources' | 'placement'>;

/** What is wrong with starting a step beside those that run: over a capacity, or an accelerator that is another's. Written against the machine. */
export function checkPlacement(starting: Placed, running: readonly Placed[], capacity: Capacity): readonly string[] {
  const violations: string[] = [];
  const all = [...running, starting];
  const over = (what: string, used: number, there: number) => {
    if (used > there) violations.push(`${starting.path} starts with ${used} ${what} in use, there are ${there}`);
  };
  over('slots', all.length, capacity.slots);
  over(
    'CPU',
    sum(all, ({ cpuMillis }) => cpuMillis),
    capacity.cpuMillis,
  );
  over(
    'bytes of memory',
    sum(all, ({ memoryBytes }) => memoryBytes),
    capacity.memoryBytes,
  );
  const { accelerator } = starting.resources;
  if (!accelerator) return violations;
  const { type, count } = accelerator;
  const there = capacity.accelerators[type] ?? 0;
  const devices = starting.placement?.devices?.[type] ?? [];
  const isWhole = devices.length === count && devices.every((index) => index >= 0 && index < there);
  if (!isWhole) violations.push(`${starting.path} asks for ${count} of ${there} ${type} and was given [${devices.join(', ')}]`);
  for (const other of running) {
    const shared = devices.filter((index) => other.placement?.devices?.[type]?.includes(index));
    if (shared.length > 0) violations.push(`${starting.path} was given ${type} ${shared.join(', ')}, which ${other.path} has`);
  }
  return violations;
}

function sum(steps: readonly Placed[], amount: (resources: Placed['resources']) => number | undefined): number {
  return steps.reduce((total, { resources }) => total + (amount(resources) ?? 0), 0);
}
