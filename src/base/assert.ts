/** States what the code relies on. A failure is a bug of ours, never a user's mistake (those are problems, see errors.ts). */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`bug: ${message}`);
}

/** Closes a switch over a `kind` union: a kind that was forgotten is a type error here. */
export function unreachable(value: never): never {
  throw new Error(`bug: unexpected value ${JSON.stringify(value)}`);
}
