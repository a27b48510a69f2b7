/** What has happened and was not decided about yet: events of runs, and effects of what was decided outside of a tick. */
import type { RunEvent } from '../model/events.ts';
import { addEffects, noEffects, type Command, type Effects } from './effects.ts';
import type { RunData } from './run-data.ts';

export interface PostedEvent {
  readonly run: RunData;
  readonly event: RunEvent;
}

export class Inbox {
  #events: PostedEvent[] = [];
  #effects: Effects = noEffects();

  post(run: RunData, event: RunEvent): void {
    this.#events.push({ run, event });
  }

  enqueue(effects: Effects): void {
    addEffects(this.#effects, effects);
  }

  /** Commands that the next tick deals with. */
  leave(commands: readonly Command[]): void {
    this.#effects.commands.push(...commands);
  }

  takeEvents(): readonly PostedEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  takeEffects(): Effects {
    const effects = this.#effects;
    this.#effects = noEffects();
    return effects;
  }

  get hasEvents(): boolean {
    return this.#events.length > 0;
  }

  get isEmpty(): boolean {
    return !this.hasEvents && this.#effects.commands.length === 0 && this.#effects.touched.size === 0;
  }
}
