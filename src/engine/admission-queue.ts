/** The waiting steps of one run: a line for each shape, so that what does not fit now holds up only its like. */
import type { NodeAccount } from './admission-node.ts';
import type { Shape } from './admission-shape.ts';

export interface Line<T> {
  readonly shape: Shape;
  readonly entries: { readonly item: T; readonly sequence: number }[];
  head: number;
  /** Nothing of it fits until something is released: the epoch in which that was found. */
  blockedAt: number;
  /** When its head was first found not to fit; and how many steps had been admitted by then. */
  refused: { readonly atMs: number; readonly admissions: number } | undefined;
  reserved: { readonly node: NodeAccount; readonly atMs: number } | undefined;
}

export class RunQueue<T> {
  readonly runId: string;
  readonly priority: number;
  readonly lines = new Map<Shape, Line<T>>();
  /** Nothing of the run fits until something is released, or offered: the epoch in which that was found. */
  blockedAt = -1;
  /** How many runs had come by the time this one came, or had its last turn. */
  servedAt: number;

  constructor(runId: string, { priority, servedAt }: { readonly priority: number; readonly servedAt: number }) {
    this.runId = runId;
    this.priority = priority;
    this.servedAt = servedAt;
  }

  offer(item: T, shape: Shape, sequence: number): void {
    let line = this.lines.get(shape);
    if (!line) {
      line = { shape, entries: [], head: 0, blockedAt: -1, refused: undefined, reserved: undefined };
      this.lines.set(shape, line);
    }
    line.entries.push({ item, sequence });
    this.blockedAt = -1;
  }
}

export function headOf<T>(line: Line<T>): Line<T>['entries'][number] | undefined {
  return line.entries[line.head];
}

/** Entries that were taken are let go of now and then, not each time: that would move all the others. */
const MAX_TAKEN_KEPT = 1024;

export function dropHead<T>(line: Line<T>): void {
  line.head += 1;
  if (line.head <= MAX_TAKEN_KEPT || line.head * 2 <= line.entries.length) return;
  line.entries.splice(0, line.head);
  line.head = 0;
}

/** The first entry that still counts; those before it are dropped. */
export function freshHead<T>(line: Line<T>, isStale: (item: T) => boolean): Line<T>['entries'][number] | undefined {
  for (let head = headOf(line); ; head = headOf(line)) {
    if (!head || !isStale(head.item)) return head;
    dropHead(line);
  }
}
