import type { Clock } from '../../base/clock.ts';
import type { DockerApi } from '../../docker/docker-api.ts';
import type { ResourceUse } from '../../model/outcome.ts';
import { readStats } from './container-stats.ts';
import { ControlGroupFinder } from './control-group-finder.ts';
import { openControlGroup, type ControlGroup } from './control-group.ts';
import { joinReading, type KnownUse, type UseReading } from './use-reading.ts';

/**
 * Reading costs 12 µs: often enough that what a step does after the last reading is a tenth of it at most. The kernel keeps the
 * peak of the memory itself.
 */
const READ_FIRST_MS = 20;
const READ_PER_ELAPSED = 0.1;
const READ_LAST_MS = 1000;
/** A step that is shorter is not asked for: it would cost the daemon more than the step uses. Then twice as long each time. */
const ASK_FIRST_MS = 1000;
const ASK_LAST_MS = 10_000;
/** Containers that were asked for their pid in vain before the daemon is taken to be on another machine; one may have ended meanwhile. */
const MAX_ASKED_IN_VAIN = 3;

export interface UsageSamplerOptions {
  readonly api: DockerApi;
  readonly clock: Clock;
  /** Default: of this machine. */
  readonly finder?: ControlGroupFinder;
}

/** Tells what containers use: from their control groups if the daemon is on this machine, otherwise by asking it. */
export class UsageSampler {
  readonly #options: UsageSamplerOptions;
  readonly #finder: ControlGroupFinder;
  #askedInVain = 0;
  #isLearned = false;

  constructor(options: UsageSamplerOptions) {
    this.#options = options;
    this.#finder = options.finder ?? new ControlGroupFinder();
  }

  /** Tells the latest until the function returned is called. The first reading is made at once, if it can be. */
  watch(containerId: string, onUse: (use: ResourceUse) => void): () => void {
    const watched = new WatchedContainer(this.#options.clock, onUse);
    if (!this.#read(watched, containerId)) {
      if (this.#mayLearn) watched.after(READ_FIRST_MS, () => void this.#learn(watched, containerId));
      else this.#ask(watched, containerId, ASK_FIRST_MS);
    }
    return () => watched[Symbol.dispose]();
  }

  get #mayLearn(): boolean {
    return this.#finder.canFind && !this.#isLearned && this.#askedInVain < MAX_ASKED_IN_VAIN;
  }

  /** False if its groups are not found. */
  #read(watched: WatchedContainer, containerId: string): boolean {
    const folders = this.#finder.find(containerId);
    const group = folders && openControlGroup(folders, () => watched.join(group?.read()));
    if (!group) return false;
    this.#isLearned = true;
    watched.owns(group);
    watched.join(group.read());
    this.#readAgain(watched, group, READ_FIRST_MS);
    return true;
  }

  #readAgain(watched: WatchedContainer, group: ControlGroup, inMs: number): void {
    watched.after(inMs, (elapsedMs) => {
      if (!watched.join(group.read())) return;
      this.#readAgain(watched, group, Math.min(Math.max(READ_FIRST_MS, elapsedMs * READ_PER_ELAPSED), READ_LAST_MS));
    });
  }

  async #learn(watched: WatchedContainer, containerId: string): Promise<void> {
    if (this.#mayLearn) {
      const answer = await this.#options.api.call('GET', `/containers/${containerId}/json`).catch(() => undefined);
      const pid = (answer as { readonly State?: { readonly Pid?: number } } | undefined)?.State?.Pid;
      if (watched.isOver) return;
      if (pid && !this.#finder.learn(containerId, pid)) this.#askedInVain++;
    }
    if (!this.#read(watched, containerId)) this.#ask(watched, containerId, ASK_FIRST_MS);
  }

  #ask(watched: WatchedContainer, containerId: string, inMs: number): void {
    watched.after(inMs, async () => {
      watched.join(await readStats(this.#options.api, containerId));
      this.#ask(watched, containerId, Math.min(inMs * 2, ASK_LAST_MS));
    });
  }
}

/** What is known of one container, and the next time it is looked at. */
class WatchedContainer implements Disposable {
  readonly #clock: Clock;
  readonly #onUse: (use: ResourceUse) => void;
  readonly #fromMs: number;
  #known: KnownUse | undefined;
  #stopTimer = () => {};
  #group: ControlGroup | undefined;
  isOver = false;

  constructor(clock: Clock, onUse: (use: ResourceUse) => void) {
    this.#clock = clock;
    this.#onUse = onUse;
    this.#fromMs = clock.now();
  }

  owns(group: ControlGroup): void {
    this.#group = group;
  }

  /** False if there was nothing to read. */
  join(reading: UseReading | undefined): boolean {
    if (this.isOver || !reading) return false;
    this.#known = joinReading(this.#known, reading);
    this.#onUse(this.#known.use);
    return true;
  }

  after(ms: number, callback: (elapsedMs: number) => void): void {
    if (this.isOver) return;
    this.#stopTimer = this.#clock.at(this.#clock.now() + ms, () => callback(this.#clock.now() - this.#fromMs));
  }

  [Symbol.dispose](): void {
    this.isOver = true;
    this.#stopTimer();
    this.#group?.[Symbol.dispose]();
  }
}
