import { rm, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '../../base/clock.ts';
import { parameterFile } from '../../launcher/step-paths.ts';
import { mountsFolder } from './attempt.ts';
import type { Attempt } from './attempt.ts';
import { needsEmulation } from './platform-emulation.ts';

/**
 * Parameter files, and what was written for an object store, outlive their attempt by this: an engine that is killed before it has recorded the end it was told has the
 * next one collect them again.
 */
const KEEP_PARAMETERS_MS = 60_000;
/** Files removed at once; the rest waits its turn, so that a wide run's ten thousand do not hold up the loop. */
const REMOVED_TOGETHER = 256;

/** Removes what only an attempt needed. */
export class Leftovers {
  readonly #clock: Clock;
  /** Oldest first. */
  #waiting: { readonly files: readonly string[]; readonly folders: readonly string[]; readonly untilMs: number }[] = [];
  #stopTimer: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * `workFolder`: the step left something in its work folder, or may have. `outputs`: whether it has succeeded, so that they may be
   * collected again; those of a failed step may be what has filled the disk.
   */
  remove(attempt: Attempt, options: { readonly workFolder: boolean; readonly outputs: boolean }): void {
    const { launch, paths } = attempt;
    if (options.workFolder) void remove(paths.work);
    if (needsEmulation(launch) || attempt.mountPoints.length > 0) void remove(mountsFolder(attempt));
    if (attempt.hasAside) void remove(paths.aside);
    const files = Object.keys(launch.outputs.parameters).map((name) => parameterFile(paths, name));
    const folders = attempt.mountPoints.length > 0 ? [paths.remote] : [];
    if (files.length + folders.length === 0) return;
    if (!options.outputs) return void removeAll([{ files, folders }]);
    this.#waiting.push({ files, folders, untilMs: this.#clock.now() + KEEP_PARAMETERS_MS });
    this.#arm();
  }

  /** The engine has recorded all ends: nothing has to be kept any longer. */
  async stop(): Promise<void> {
    this.#stopTimer?.();
    await removeAll(this.#waiting.splice(0));
  }

  #arm(): void {
    if (this.#stopTimer || this.#waiting.length === 0) return;
    this.#stopTimer = this.#clock.at(this.#waiting[0]!.untilMs, () => {
      this.#stopTimer = undefined;
      const now = this.#clock.now();
      const firstToKeep = this.#waiting.findIndex(({ untilMs }) => untilMs > now);
      const due = this.#waiting.splice(0, firstToKeep < 0 ? this.#waiting.length : firstToKeep);
      void removeAll(due);
      this.#arm();
    });
  }
}

async function removeAll(
  waiting: readonly { readonly files: readonly string[]; readonly folders: readonly string[] }[],
): Promise<void> {
  await removeFiles(waiting.flatMap(({ files }) => files));
  for (const { folders } of waiting) await Promise.all(folders.map(remove));
}

/** The files, and the runs' folders they were the last in. */
async function removeFiles(files: readonly string[]): Promise<void> {
  for (let at = 0; at < files.length; at += REMOVED_TOGETHER)
    await Promise.all(files.slice(at, at + REMOVED_TOGETHER).map(remove));
  for (const folder of new Set(files.map((file) => dirname(file)))) await rmdir(folder).catch(() => {});
}

/** What cannot be removed is in the way of nobody: the name is the attempt's. */
async function remove(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true }).catch(() => {});
}
