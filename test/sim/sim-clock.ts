import type { Clock } from '../../src/base/clock.ts';

/** A clock that moves only when told: to the time of the next thing that is due. */
export class SimClock implements Clock {
  #nowMs: number;
  #sequence = 0;
  readonly #due: { readonly atMs: number; readonly sequence: number; readonly callback: () => void }[] = [];

  constructor(startMs: number) {
    this.#nowMs = startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  at(atMs: number, callback: () => void): () => void {
    const entry = { atMs: Math.max(atMs, this.#nowMs), sequence: this.#sequence++, callback };
    this.#due.push(entry);
    return () => {
      const index = this.#due.indexOf(entry);
      if (index >= 0) this.#due.splice(index, 1);
    };
  }

  /** Moves on to the next thing that is due and lets it happen; false if nothing is. */
  advance(): boolean {
    this.#due.sort((a, b) => a.atMs - b.atMs || a.sequence - b.sequence);
    const entry = this.#due.shift();
    if (!entry) return false;
    this.#nowMs = entry.atMs;
    entry.callback();
    return true;
  }

  /** The process that set these timers is gone. */
  forgetAll(): void {
    this.#due.length = 0;
  }
}
