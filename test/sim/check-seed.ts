import type { TaskRow } from '../../src/model/run.ts';
import { isGoodTask } from '../../src/model/states.ts';
import { simulate, type Simulation } from './simulate.ts';

export interface SeedResult {
  readonly runs: number;
  readonly tasks: number;
  readonly kills: number;
  readonly violations: readonly string[];
}

/** One seed: an undisturbed run, a disturbed one that must end the same, and one that is also cancelled, resumed and run again from a task. */
export async function checkSeed(seed: number): Promise<SeedResult> {
  const calm = await simulate(seed, { unkind: false });
  const unkind = await simulate(seed, { unkind: true });
  const disturbed = await simulate(seed, { unkind: true, disturb: true });
  const all = [calm, unkind, disturbed];
  return {
    runs: all.length,
    tasks: all.reduce((sum, { tasks }) => sum + tasks.length, 0),
    kills: all.reduce((sum, { kills }) => sum + kills, 0),
    violations: [...all.flatMap(({ violations }) => violations), ...differences(calm, unkind)],
  };
}

/** Kills and lost observations must not change how a run ends: same states, same attempts, same outputs, task by task. */
function differences(calm: Simulation, unkind: Simulation): readonly string[] {
  const violations: string[] = [];
  if (calm.run.state !== unkind.run.state)
    violations.push(`the run ends ${unkind.run.state}, undisturbed it ends ${calm.run.state}`);
  const expected = new Map(calm.tasks.map((task) => [keyOf(task), summary(task)]));
  for (const task of unkind.tasks) {
    const undisturbed = expected.get(keyOf(task));
    if (undisturbed !== summary(task))
      violations.push(`${task.path} ends as ${summary(task)}, undisturbed as ${undisturbed ?? 'nothing'}`);
    expected.delete(keyOf(task));
  }
  for (const path of expected.keys()) violations.push(`${path} is missing in the disturbed run`);
  return violations;
}

const keyOf = (task: TaskRow): string => `${task.path} ${task.kind}`;

/** Whether equal steps share a cache entry depends on timing, so CACHED and SUCCEEDED count as the same. */
function summary({ state, outputs, attempts }: TaskRow): string {
  return JSON.stringify([isGoodTask(state) ? 'good' : state, outputs?.parameters ?? {}, isGoodTask(state) ? 'any' : attempts]);
}
