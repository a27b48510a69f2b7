import { withoutIterations } from '../graph/task-tallies.ts';
import type { Task } from './run-tasks.ts';

/** A row of the timeline; times are milliseconds since the run's beginning. */
export interface TimelineRow {
  readonly path: string;
  readonly label: string;
  readonly depth: number;
  readonly state: string;
  readonly isGroup: boolean;
  /** When it could have started; from then to `start` it waited. */
  readonly queued: number;
  /** Undefined: it has not started. */
  readonly start: number | undefined;
  /** Undefined: it has not ended. */
  readonly end: number | undefined;
}

export interface TimelineModel {
  readonly rows: readonly TimelineRow[];
  /** Epoch milliseconds of the left edge. */
  readonly origin: number;
  /** To the last end; what still runs goes on to `now`. */
  readonly lengthMs: number;
}

/**
 * When tasks waited and ran, in the order in which they started; what is in a group follows it. A task waits from when all before it
 * had ended. `dependsOn`: keys of the tasks before a task, by its path without iteration numbers.
 */
export function timelineOf(
  tasks: readonly Task[],
  now: number,
  dependsOn: (path: string) => readonly string[] = () => [],
): TimelineModel {
  const times = tasks.flatMap(({ create_time, start_time }) =>
    [create_time, start_time].flatMap((time) => (time === undefined ? [] : [Date.parse(time)])),
  );
  const origin = times.reduce((least, time) => Math.min(least, time), Infinity);
  if (origin === Infinity) return { rows: [], origin: now, lengthMs: 0 };
  const byPath = new Map(tasks.map((task) => [task.path, task]));
  const rows = inTreeOrder(tasks).map(({ task, depth }): TimelineRow => {
    const at = (time: string | undefined): number | undefined => (time === undefined ? undefined : Date.parse(time) - origin);
    const start = at(task.start_time);
    const state = task.state ?? 'PENDING';
    return {
      path: task.path ?? '',
      label: lastPart(task),
      depth,
      state,
      isGroup: task.kind === 'dag' || task.kind === 'loop',
      queued: Math.min(start ?? Infinity, at(readyTime(task, byPath, dependsOn)) ?? start ?? 0),
      start,
      end: at(task.end_time),
    };
  });
  const lengthMs = rows.reduce((most, { queued, start, end, state }) => {
    const isOpen = end === undefined && (state === 'RUNNING' || state === 'PENDING');
    return Math.max(most, end ?? (isOpen ? now - origin : (start ?? queued)));
  }, 1);
  return { rows, origin, lengthMs };
}

/** When everything before a task had ended. */
function readyTime(
  task: Task,
  byPath: ReadonlyMap<string | undefined, Task>,
  dependsOn: (path: string) => readonly string[],
): string | undefined {
  const path = task.path ?? '';
  const scope = path.slice(0, path.lastIndexOf('/'));
  const ends = dependsOn(withoutIterations(path)).flatMap((key) => byPath.get(`${scope}/${key}`)?.end_time ?? []);
  return [task.create_time ?? '', ...ends].sort().at(-1) || undefined;
}

/** `train`; below the row of a loop `iteration 3`. */
function lastPart(task: Task): string {
  const iteration = /\[(\d+)\]$/.exec(task.path ?? '')?.[1];
  return iteration === undefined ? (task.display_name ?? task.name ?? '') : `iteration ${iteration}`;
}

function inTreeOrder(tasks: readonly Task[]): readonly { readonly task: Task; readonly depth: number }[] {
  const ids = new Set(tasks.map(({ task_id }) => task_id));
  const children = Map.groupBy(tasks, ({ parent_task_id }) =>
    parent_task_id !== undefined && ids.has(parent_task_id) ? parent_task_id : '',
  );
  const ordered: { task: Task; depth: number }[] = [];
  const time = ({ start_time, create_time }: Task): string => start_time ?? create_time ?? '';
  const visit = (id: string, depth: number): void => {
    const own = (children.get(id) ?? []).toSorted((one, other) =>
      time(one) < time(other) ? -1 : time(one) > time(other) ? 1 : (one.number ?? 0) - (other.number ?? 0),
    );
    for (const task of own) {
      ordered.push({ task, depth });
      if (task.task_id !== undefined) visit(task.task_id, depth + 1);
    }
  };
  visit('', 0);
  return ordered;
}

const STEPS_MS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 15e3, 3e4, 6e4, 12e4, 3e5, 6e5, 9e5, 18e5, 36e5, 72e5, 216e5, 432e5,
  864e5,
];

/** Round times to mark an axis with, at most about `count`. */
export function timeTicks(lengthMs: number, count: number): readonly number[] {
  const step = STEPS_MS.find((candidate) => lengthMs / candidate <= count) ?? Math.ceil(lengthMs / count / 864e5) * 864e5;
  return Array.from({ length: Math.floor(lengthMs / step) + 1 }, (_, index) => index * step);
}
