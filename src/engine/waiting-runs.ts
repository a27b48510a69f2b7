/**
 * The runs that have steps waiting.
 *
 * Owns: their queues, by priority. Doesn't own: whose turn it is (admission-turns.ts), what fits (admission.ts).
 */
import { headOf, type RunQueue } from './admission-queue.ts';

export interface Level<T> {
  readonly priority: number;
  /** In the order of their last turns. */
  readonly queues: Map<string, RunQueue<T>>;
}

export class WaitingRuns<T> {
  #levels: readonly Level<T>[] = [];

  /** Highest priority first. */
  get levels(): readonly Level<T>[] {
    return this.#levels;
  }

  get hasAny(): boolean {
    return this.#levels.some(({ queues }) => queues.size > 0);
  }

  /** Steps that have been offered and not admitted; those that have become stale meanwhile are among them. */
  get stepCount(): number {
    let count = 0;
    for (const { queues } of this.#levels)
      for (const { lines } of queues.values()) for (const { entries, head } of lines.values()) count += entries.length - head;
    return count;
  }

  hasAbove(priority: number): boolean {
    return this.#levels.some((level) => level.priority > priority && level.queues.size > 0);
  }

  levelOf(priority: number): Level<T> {
    const found = this.#levels.find((level) => level.priority === priority);
    if (found) return found;
    const level: Level<T> = { priority, queues: new Map() };
    this.#levels = [...this.#levels, level].sort((left, right) => right.priority - left.priority);
    return level;
  }

  /** Levels that nobody waits at are forgotten, but for a single one. */
  tidy(): void {
    if (this.#levels.length > 1) this.#levels = this.#levels.filter(({ queues }) => queues.size > 0);
  }

  /** The first of each line, of `limit` lines at most: those that wait longest with their like. */
  *heads(limit: number): Iterable<T> {
    let left = limit;
    for (const { queues } of this.#levels) {
      for (const { lines } of queues.values()) {
        for (const line of lines.values()) {
          if (left-- <= 0) return;
          const head = headOf(line);
          if (head) yield head.item;
        }
      }
    }
  }
}
