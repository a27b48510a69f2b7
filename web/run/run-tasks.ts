import type { Native } from '../api/operations.ts';
import { NO_STATUS, type NodeStatus, type StatusSource } from '../graph/node-status.ts';
import { stateOfTally, TaskTallies, totalOf, withoutIterations } from '../graph/task-tallies.ts';

export type Task = Native<'PipelineTask'>;

/** Groups are shown by what is in them. */
export const isGroup = (task: Task): boolean => task.kind === 'dag' || task.kind === 'loop';

/**
 * Owns: the tasks of one run as far as they are known, by path, and what the nodes of its graph show. Takes changes in batches and tells
 * its listeners once a frame.
 * I1 A node's status is the same object until one of its tasks changes.
 */
export class RunTasks implements StatusSource {
  readonly #byPath = new Map<string, Task>();
  readonly #instances = new Map<string, string[]>();
  readonly #tallies = new TaskTallies();
  readonly #statuses = new Map<string, NodeStatus>();
  readonly #listeners = new Set<(changed: ReadonlySet<string>) => void>();
  readonly #schedule: (tell: () => void) => void;
  #waiting = new Set<string>();
  #version = 0;
  #list: readonly Task[] | undefined;

  /** `schedule`: runs a function soon; once a frame in the browser. */
  constructor(schedule: (tell: () => void) => void) {
    this.#schedule = schedule;
  }

  /** Counts the batches. */
  get version(): number {
    return this.#version;
  }

  apply(tasks: readonly Task[]): void {
    for (const task of tasks) {
      const path = task.path ?? '';
      if (!this.#byPath.has(path)) {
        const template = withoutIterations(path);
        const known = this.#instances.get(template);
        if (known) known.push(path);
        else this.#instances.set(template, [path]);
      }
      this.#byPath.set(path, task);
    }
    const changed = new Set(
      this.#tallies.apply(
        tasks.map((task) => ({ path: task.path ?? '', state: task.state ?? 'PENDING', isLeaf: !isGroup(task) })),
      ),
    );
    // Times, errors and counts may change while the state stays.
    for (const { path = '' } of tasks) changed.add(path).add(withoutIterations(path));
    for (const path of changed) {
      this.#statuses.delete(path);
      this.#waiting.add(path);
    }
    if (changed.size > 0) this.#tellSoon();
  }

  subscribe(listener: (changed: ReadonlySet<string>) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Of a path with iteration numbers, or without: then of all iterations. Artifacts have none. */
  statusOf(nodeId: string): NodeStatus {
    let known = this.#statuses.get(nodeId);
    if (known === undefined) this.#statuses.set(nodeId, (known = this.#makeStatus(nodeId)));
    return known;
  }

  /** In the order of their numbers, the run itself left out. */
  list(): readonly Task[] {
    this.#list ??= [...this.#byPath.values()]
      .filter(({ type }) => type !== 'ROOT')
      .sort((one, other) => (one.number ?? 0) - (other.number ?? 0));
    return this.#list;
  }

  root(): Task | undefined {
    return [...this.#byPath.values()].find(({ type }) => type === 'ROOT');
  }

  get(path: string): Task | undefined {
    return this.#byPath.get(path);
  }

  /** Tasks that a node stands for, in the order of their iterations. */
  instancesOf(path: string): readonly Task[] {
    const own = this.#byPath.get(path);
    const paths = this.#instances.get(path) ?? (own ? [path] : []);
    return paths.map((one) => this.#byPath.get(one)!).sort((one, other) => (one.number ?? 0) - (other.number ?? 0));
  }

  /** The task a node is about: of several the first that failed, or runs, or else the first. */
  representative(path: string): Task | undefined {
    const all = this.#byPath.has(path) ? [this.#byPath.get(path)!] : this.instancesOf(path);
    return all.find(({ state }) => state === 'FAILED') ?? all.find(({ state }) => state === 'RUNNING') ?? all[0];
  }

  #makeStatus(path: string): NodeStatus {
    if (path.includes('#')) return NO_STATUS;
    const own = this.#byPath.get(path);
    const tally = this.#tallies.of(path);
    const instances = own ? [own] : this.instancesOf(path);
    if (instances.length === 0) return NO_STATUS;
    const state = own ? own.state : stateOfTally(this.#tallies.at(path));
    const ended = instances.every((task) => task.end_time !== undefined);
    return {
      state: state ?? 'PENDING',
      tally: own && !isGroup(own) ? undefined : tally,
      total: Math.max(totalOf(tally), ...instances.map((task) => Number(task.type_attributes?.iteration_count ?? 0))),
      startedAt: earliest(instances),
      endedAt: ended ? latest(instances) : undefined,
    };
  }

  #tellSoon(): void {
    this.#list = undefined;
    this.#schedule(() => {
      const changed = this.#waiting;
      if (changed.size === 0) return;
      this.#waiting = new Set();
      this.#version += 1;
      for (const listener of this.#listeners) listener(changed);
    });
  }
}

const earliest = (tasks: readonly Task[]): string | undefined => tasks.flatMap(({ start_time }) => start_time ?? []).sort()[0];
const latest = (tasks: readonly Task[]): string | undefined =>
  tasks
    .flatMap(({ end_time }) => end_time ?? [])
    .sort()
    .at(-1);

/** The statuses as seen within one iteration: nodes below `scope` are those of `scope[iteration]`. */
export function ofIteration(tasks: RunTasks, scope: string, iteration: number): StatusSource {
  const inner = `${scope}[${iteration}]`;
  const concrete = (id: string): string => (id.startsWith(`${scope}/`) ? `${inner}${id.slice(scope.length)}` : id);
  return {
    statusOf: (id) => tasks.statusOf(concrete(id)),
    subscribe: (listener) =>
      tasks.subscribe((changed) => {
        listener(
          new Set([...changed].map((path) => (path.startsWith(`${inner}/`) ? `${scope}${path.slice(inner.length)}` : path))),
        );
      }),
  };
}
