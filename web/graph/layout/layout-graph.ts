/** What is laid out: boxes of known size and who comes before whom. Sizes are in pixels at a zoom of 1. */
export interface LayoutGraph {
  readonly nodes: readonly LayoutNode[];
  /** Pairs of positions in `nodes`. */
  readonly edges: readonly LayoutEdge[];
}

export type LayoutEdge = readonly [from: number, to: number];

export interface LayoutNode {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  /** An unfolded group: its size follows from what is in it. */
  readonly inner?: LayoutGraph;
  /** Height kept free above what is in an unfolded group, for its name; default: FRAME.header. */
  readonly header?: number;
}

/** Which way the edges run. */
export type Direction = 'down' | 'right';

/** Where everything is; x and y are the left upper corner. */
export interface Layout {
  readonly direction: Direction;
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  readonly bundles: readonly Bundle[];
  readonly routes: readonly Route[];
}

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Box extends Rectangle {
  readonly id: string;
  /** Number of unfolded groups around it. */
  readonly depth: number;
  /** It is an unfolded group; boxes inside come after it. */
  readonly isFrame: boolean;
}

/** Nodes with the same neighbours, set as a block; edges lead to the block. */
export interface Bundle extends Rectangle {
  readonly id: string;
  readonly members: readonly string[];
}

/**
 * An edge from a box or bundle to another. `points` is x, y, x, y …: first a curve, then in turn a straight line (past a layer)
 * and a curve; a curve leaves and arrives in the direction of the layout.
 */
export interface Route {
  readonly from: string;
  readonly to: string;
  readonly points: readonly number[];
}
