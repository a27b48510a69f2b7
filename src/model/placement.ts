/** Where an attempt was placed; every member is absent where there was nothing to choose. */
export interface Placement {
  /** Name of the node pool; absent where the machine is one nameless node. */
  readonly node?: string;
  /** Indexes of the accelerators that are the step's alone until its end, by type (`nvidia.com/gpu`), ascending. */
  readonly devices?: Readonly<Record<string, readonly number[]>>;
}
