/**
 * Nodes that are kept for steps that others have passed too often.
 *
 * I1. A line has one node kept for it, and a node is kept for one line; those that were passed first come first, higher priorities
 *     before them.
 * I2. A node on which something runs that does not end is given up for another one: after a minute, and when all have been tried
 *     so long, each after two minutes, and so on.
 */
import type { NodeAccount } from './admission-node.ts';
import type { Line } from './admission-queue.ts';

const FIRST_PATIENCE_MS = 60_000;

interface Claim {
  readonly priority: number;
  /** Nodes that were kept for it in vain, in this round. */
  readonly tried: Set<NodeAccount>;
  patienceMs: number;
}

export class Reservations<T> {
  readonly #claims = new Map<Line<T>, Claim>();
  /** Claims without a node, in the order in which they were made. */
  readonly #unmet = new Set<Line<T>>();

  has(line: Line<T>): boolean {
    return this.#claims.has(line);
  }

  /** All that claim a node; those that no longer need one are withdrawn while this is read. */
  lines(): Iterable<Line<T>> {
    return this.#claims.keys();
  }

  claim(line: Line<T>, { priority, nowMs }: { readonly priority: number; readonly nowMs: number }): void {
    this.#claims.set(line, { priority, tried: new Set(), patienceMs: FIRST_PATIENCE_MS });
    this.#unmet.add(line);
    this.#assign(nowMs);
  }

  /** The line still does not fit: its node may have been taken by a higher priority, or may be the wrong one. Whether one was let go of. */
  reconsider(line: Line<T>, nowMs: number): boolean {
    const claim = this.#claims.get(line);
    const { reserved } = line;
    if (!claim || !reserved) return false;
    if (reserved.node.reservation?.owner !== line) {
      line.reserved = undefined;
      this.#unmet.add(line);
      this.#assign(nowMs);
      return false;
    }
    if (nowMs - reserved.atMs < claim.patienceMs || !this.#another(line, claim)) return false;
    claim.tried.add(reserved.node);
    this.#leave(line);
    this.#unmet.add(line);
    this.#assign(nowMs);
    return true;
  }

  /** Whether a node was let go of: others may fit now into what was kept. */
  withdraw(line: Line<T>, nowMs: number): boolean {
    this.#claims.delete(line);
    this.#unmet.delete(line);
    if (!line.reserved) return false;
    this.#leave(line);
    this.#assign(nowMs);
    return true;
  }

  #leave(line: Line<T>): void {
    line.reserved?.node.unreserve(line);
    line.reserved = undefined;
  }

  #assign(nowMs: number): void {
    const unmet = [...this.#unmet].map((line) => ({ line, claim: this.#claims.get(line)! }));
    for (const { line, claim } of unmet.sort((one, other) => other.claim.priority - one.claim.priority)) {
      const node = roomiest(line, this.#open(line, claim));
      if (!node) continue;
      node.reserve({ owner: line, priority: claim.priority, request: line.shape.request });
      line.reserved = { node, atMs: nowMs };
      this.#unmet.delete(line);
    }
  }

  #another(line: Line<T>, claim: Claim): boolean {
    return this.#open(line, claim).some((node) => node !== line.reserved?.node);
  }

  /** Nodes that can be kept for it, of those that were not tried yet in this round; a new round is more patient. */
  #open({ shape }: Line<T>, claim: Claim): readonly NodeAccount[] {
    const open = shape.nodes.filter(({ reservation }) => !reservation || reservation.priority < claim.priority);
    const untried = open.filter((node) => !claim.tried.has(node));
    if (untried.length > 0 || open.length === 0) return untried;
    claim.tried.clear();
    claim.patienceMs *= 2;
    return open;
  }
}

/** Where most of what the line asks for is free already; the first among equals. */
function roomiest<T>({ shape }: Line<T>, nodes: readonly NodeAccount[]): NodeAccount | undefined {
  const rooms = nodes.map((node) => ({ node, room: node.roomFor(shape.request) }));
  return rooms.reduce<(typeof rooms)[number] | undefined>((best, one) => (!best || one.room > best.room ? one : best), undefined)
    ?.node;
}
