import type { Tally } from './task-tallies.ts';

/** What became of a node so far. */
export interface NodeStatus {
  /** In the words of the API; undefined: there is no task for it yet. */
  readonly state: string | undefined;
  /** Of a group or of a task of a loop: the states of what it stands for. */
  readonly tally: Tally | undefined;
  /** How many the tally will have, as far as known. */
  readonly total: number;
  readonly startedAt: string | undefined;
  readonly endedAt: string | undefined;
}

/** Where a graph learns what becomes of its nodes. A status is the same object until it changes. */
export interface StatusSource {
  statusOf(nodeId: string): NodeStatus;
  /** The listener is told the ids of what changed, at most once a frame. */
  subscribe(listener: (changed: ReadonlySet<string>) => void): () => void;
}

export const NO_STATUS: NodeStatus = { state: undefined, tally: undefined, total: 0, startedAt: undefined, endedAt: undefined };

/** A source in which nothing ever happens: of a pipeline that is only looked at. */
export const STATIC: StatusSource = { statusOf: () => NO_STATUS, subscribe: () => () => {} };
