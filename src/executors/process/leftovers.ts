import { rm } from 'node:fs/promises';
import type { Clock } from '../../base/clock.ts';
import { hasAny, mountsFolder } from './attempt.ts';
import type { Attempt } from './attempt.ts';
import { needsEmulation } from './platform-emulation.ts';

/**
 * Parameter files outlive their attempt by this: an engine that is killed before it has recorded the end it was told has the
 * next one collect them again.
 */
const KEEP_PARAMETERS_MS = 60_000;

/** Removes what only an attempt needed. */
export class Leftovers {
  readonly #clock: Clock;
  /** Oldest first. */
  #waiting: { readonly folder: string; readonly untilMs: number }[] = [];
  #stopTimer: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `workFolder`: the step left something in its work folder, or may have. */
  remove(attempt: Attempt, options: { readonly workFolder: boolean }): void {
    const { launch, paths } = attempt;
    if (options.workFolder) void remove(paths.work);
    if (needsEmulation(launch)) void remove(mountsFolder(attempt));
    if (!attempt.spilled && !hasAny(launch.outputs.parameters)) return;
    this.#waiting.push({ folder: paths.parameters, untilMs: this.#clock.now() + KEEP_PARAMETERS_MS });
    this.#arm();
  }

  /** The engine has recorded all ends: nothing has to be kept any longer. */
  async stop(): Promise<void> {
    this.#stopTimer?.();
    const folders = this.#waiting.map(({ folder }) => folder);
    this.#waiting = [];
    await Promise.all(folders.map(remove));
  }

  #arm(): void {
    if (this.#stopTimer || this.#waiting.length === 0) return;
    this.#stopTimer = this.#clock.at(this.#waiting[0]!.untilMs, () => {
      this.#stopTimer = undefined;
      const now = this.#clock.now();
      const firstToKeep = this.#waiting.findIndex(({ untilMs }) => untilMs > now);
      const due = this.#waiting.splice(0, firstToKeep < 0 ? this.#waiting.length : firstToKeep);
      for (const { folder } of due) void remove(folder);
      this.#arm();
    });
  }
}

/** What cannot be removed is in the way of nobody: the folder's name is the attempt's. */
async function remove(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true }).catch(() => {});
}
