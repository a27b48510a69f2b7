/** What is asked of the store to let go of old runs and what belongs to them. It shares the database with the store (store.ts). */
export interface RetentionStore {
  /** Runs that have ended, in the order in which they were created; `after` is the last row of the page before. */
  endedRuns(query: {
    readonly createdBeforeMs: number;
    readonly after?: EndedRun | undefined;
    readonly limit: number;
  }): Promise<readonly EndedRun[]>;
  /** When the `count`-th newest of the ended runs of a namespace was created; undefined if there are fewer. */
  createdAtOfNewest(namespace: string, count: number): Promise<number | undefined>;
  /**
   * Every artifact the run made or read, and what else depends on it. `below`: the URI of the run's folder. `foreignUris`: places
   * in that folder that records of other runs name.
   */
  artifactsOfRun(
    runId: string,
    below: string,
  ): Promise<{ readonly artifacts: readonly RunArtifact[]; readonly foreignUris: readonly string[] }>;
  /** Outputs of the run's tasks are no longer taken over by equal ones. */
  removeCacheEntriesOfRun(runId: string): Promise<void>;
  /** Of these, the ones that no other run reads or wrote. */
  deleteArtifactsUsedOnlyBy(runId: string, artifactIds: readonly string[]): Promise<void>;
  /** Of these, the ones that nothing refers to; the answer is what was deleted. */
  deleteUnusedDocuments(digests: readonly string[]): Promise<readonly { readonly digest: string; readonly body: string }[]>;
  /** Which of these documents runs refer to. */
  usedDocuments(digests: readonly string[]): Promise<readonly string[]>;
  /** Which of these runs there are. */
  existingRuns(runIds: readonly string[]): Promise<readonly string[]>;
}

export interface EndedRun {
  readonly runId: string;
  readonly namespace: string;
  readonly displayName: string;
  readonly state: 'SUCCEEDED' | 'FAILED' | 'CANCELED';
  readonly isArchived: boolean;
  readonly createdAtMs: number;
  readonly endedAtMs: number;
  readonly documentDigest: string;
}

export interface RunArtifact {
  readonly id: string;
  readonly uri: string;
  /** The run that made it. */
  readonly runId: string;
  /** Another run reads it or took it over, or its maker is another run that still exists. */
  readonly isNeeded: boolean;
}
