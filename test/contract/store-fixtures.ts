import type { ArtifactRow, AttemptRow, LineageRow, RunRow, TaskRow } from '../../src/model/run.ts';
import type { CacheEntry, CommitBatch, SequencedEvents } from '../../src/store/store.ts';

/** Rows for tests of stores: whole ones, of which a test names only what it is about. */
export const NOTHING: CommitBatch = { runs: [], events: [], tasks: [], attempts: [], artifacts: [], lineage: [], cache: [] };

export const batch = (parts: Partial<CommitBatch>): CommitBatch => ({ ...NOTHING, ...parts });

export const run = (runId: string, more: Partial<RunRow> = {}): RunRow => ({
  runId,
  namespace: 'default',
  displayName: `run ${runId}`,
  pipelineName: 'train',
  documentDigest: 'd1',
  arguments: { rate: 0.1 },
  pipelineRoot: '/data/artifacts',
  settings: {},
  createdAtMs: 1_000,
  scheduledAtMs: 1_000,
  state: 'PENDING',
  ...more,
});

export const task = (runId: string, number: number, more: Partial<TaskRow> = {}): TaskRow => ({
  runId,
  task: number,
  parentTask: number === 0 ? null : 0,
  key: `step-${number}`,
  displayName: `step ${number}`,
  path: `/step-${number}`,
  kind: 'container',
  iteration: null,
  state: 'PENDING',
  stateReason: null,
  error: null,
  attempts: 0,
  cacheKey: null,
  cachedFromTaskId: null,
  inputs: null,
  outputs: null,
  createdAtMs: 1_000,
  startedAtMs: null,
  endedAtMs: null,
  ...more,
});

export const attempt = (runId: string, number: number, more: Partial<AttemptRow> = {}): AttemptRow => ({
  runId,
  task: number,
  attempt: 0,
  state: 'RUNNING',
  error: null,
  launchedAtMs: 1_001,
  startedAtMs: null,
  endedAtMs: null,
  cpuMs: null,
  peakMemoryBytes: null,
  ...more,
});

export const artifact = (id: string, more: Partial<ArtifactRow> = {}): ArtifactRow => ({
  id,
  name: 'model',
  uri: `/data/artifacts/${id}`,
  type: { schemaTitle: 'system.Model', schemaVersion: '0.0.1' },
  metadata: {},
  namespace: 'default',
  pipelineName: 'train',
  runId: 'r1',
  task: 1,
  sizeBytes: null,
  createdAtMs: 1_000,
  ...more,
});

export const lineage = (runId: string, number: number, more: Partial<LineageRow> = {}): LineageRow => ({
  runId,
  task: number,
  artifactId: 'a1',
  direction: 'output',
  name: 'model',
  position: 0,
  ...more,
});

export const tick = (runId: string, sequence: number, more: Partial<SequencedEvents> = {}): SequencedEvents => ({
  runId,
  sequence,
  events: [{ atMs: 1_000 + sequence, event: { kind: 'launched', task: sequence, attempt: 0 } }],
  ...more,
});

export const SCOPE = { namespace: 'default', pipelineName: 'train' };

export const cached = (key: string, entry: Partial<CacheEntry> = {}, scope = SCOPE): CommitBatch['cache'][number] => ({
  ...scope,
  key,
  entry: { taskId: `r1.${key}`, parameters: {}, artifacts: {}, createdAtMs: 1_000, ...entry },
});
