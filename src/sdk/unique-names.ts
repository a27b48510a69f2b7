/** Names made unique by a number, from 2 on, as KFP's compiler does it: `add`, `add-2`, `add-3`. */
export class UniqueNames {
  readonly #taken = new Set<string>();
  /** Where to go on looking, so that a thousand equal names do not need half a million looks. */
  readonly #next = new Map<string, number>();

  /** The name if it is free, else with the next number that is; it is taken from now on. */
  take(name: string): string {
    let free = name;
    let index = this.#next.get(name) ?? 2;
    while (this.#taken.has(free)) free = `${name}-${index++}`;
    this.#next.set(name, index);
    this.#taken.add(free);
    return free;
  }
}
