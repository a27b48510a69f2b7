/** States of tasks as counts; what the bar of a folded group shows. */
export const TALLIED = ['FAILED', 'CANCELED', 'RUNNING', 'PENDING', 'SUCCEEDED', 'CACHED', 'SKIPPED'] as const;

export type Tallied = (typeof TALLIED)[number];
export type Tally = Readonly<Partial<Record<Tallied, number>>>;

/** What the tallies need to know of a task. */
export interface TallyTask {
  readonly path: string;
  readonly state: string;
  /** It does something itself: it is no group. */
  readonly isLeaf: boolean;
}

/** `/for-loop-1[0]/train` → `/for-loop-1/train`: the task of the pipeline that a task of the run comes from. */
export const withoutIterations = (path: string): string => path.replace(/\[\d+\]/g, '');

/**
 * Owns: how many tasks are in which state, at and below every path of a run, with iteration numbers (one iteration) and without
 * (all of them). Doesn't own: the tasks. A change costs as much as its path is deep.
 * I1 `of(path)` is the same object until a count in it changes.
 */
export class TaskTallies {
  readonly #states = new Map<string, { readonly state: Tallied; readonly isLeaf: boolean }>();
  readonly #counts = new Map<string, Partial<Record<Tallied, number>>>();
  readonly #own = new Map<string, Partial<Record<Tallied, number>>>();
  readonly #ancestors = new Map<string, readonly string[]>();

  /** Leaves at and below a path by state. */
  of(path: string): Tally {
    return this.#counts.get(path) ?? NOTHING;
  }

  /** Tasks at a path itself by state: of a group the states of the group. */
  at(path: string): Tally {
    return this.#own.get(path) ?? NOTHING;
  }

  /** Takes over the newest state of tasks; tells the paths whose counts changed. */
  apply(tasks: readonly TallyTask[]): ReadonlySet<string> {
    const changed = new Set<string>();
    for (const { path, state, isLeaf } of tasks) {
      const before = this.#states.get(path);
      const now = { state: isTallied(state) ? state : ('PENDING' as const), isLeaf };
      if (before?.state === now.state && before.isLeaf === isLeaf) continue;
      this.#states.set(path, now);
      const ancestors = this.#ancestorsOf(path);
      for (const own of new Set([path, withoutIterations(path)])) {
        change(this.#own, own, before?.state, now.state);
        changed.add(own);
      }
      if (!isLeaf) continue;
      for (const ancestor of ancestors) {
        change(this.#counts, ancestor, before?.state, now.state);
        changed.add(ancestor);
      }
    }
    return changed;
  }

  #ancestorsOf(path: string): readonly string[] {
    let known = this.#ancestors.get(path);
    if (known === undefined) this.#ancestors.set(path, (known = pathsAround(path)));
    return known;
  }
}

const NOTHING: Tally = {};

const isTallied = (state: string): state is Tallied => (TALLIED as readonly string[]).includes(state);

function change(
  counts: Map<string, Partial<Record<Tallied, number>>>,
  path: string,
  before: Tallied | undefined,
  now: Tallied,
): void {
  const tally = { ...counts.get(path) };
  if (before !== undefined) {
    const left = (tally[before] ?? 1) - 1;
    if (left === 0) delete tally[before];
    else tally[before] = left;
  }
  tally[now] = (tally[now] ?? 0) + 1;
  counts.set(path, tally);
}

/**
 * The path and all that lie around it: `/loop[3]/train` → `/`, `/loop`, `/loop[3]`, `/loop/train`, `/loop[3]/train`. Where loops are
 * within loops, an iteration of an outer one counts all of the inner ones below it: `/a[0]/b[1]` also counts for `/a[0]/b`.
 */
export function pathsAround(path: string): readonly string[] {
  const found = new Set<string>(['/']);
  let prefixes = [''];
  for (const part of path.split('/').slice(1)) {
    const plain = part.replace(/\[\d+\]$/, '');
    const next = new Set<string>();
    for (const prefix of prefixes) {
      next.add(`${prefix}/${plain}`);
      // An iteration is told apart only where those around it are told apart too.
      next.add(`${prefix}/${part}`);
    }
    prefixes = [...next];
    for (const prefix of prefixes) found.add(prefix);
    if (prefixes.length > MAX_PREFIXES) prefixes = [prefixes[0]!, prefixes.at(-1)!];
  }
  return [...found];
}

const MAX_PREFIXES = 16;

/** The one state that stands for many: the worst of the ended ones, but running as long as something runs. */
export function stateOfTally(tally: Tally): Tallied | undefined {
  const has = (state: Tallied): boolean => (tally[state] ?? 0) > 0;
  if (has('RUNNING')) return 'RUNNING';
  if (has('PENDING')) return has('SUCCEEDED') || has('CACHED') || has('FAILED') ? 'RUNNING' : 'PENDING';
  return (['FAILED', 'CANCELED', 'SUCCEEDED', 'CACHED', 'SKIPPED'] as const).find(has);
}

export const totalOf = (tally: Tally): number => Object.values(tally).reduce((sum, count) => sum + (count ?? 0), 0);
