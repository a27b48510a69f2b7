/**
 * Deletes a run with what only it has: artifacts, logs, workspace, cache entries, its document.
 *
 * I1. What another run made, read or took over from the cache stays, with its record.
 * I2. Only what lies in the folder of the run that made it is removed from a store: what importers name is the user's.
 * I3. The run's row goes last: a deletion that is cut short is done again from the beginning.
 */
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ArtifactStore } from '../artifacts/artifact-store.ts';
import { ProductError } from '../base/errors.ts';
import { pathSegment } from '../engine/path-segment.ts';
import { logFile } from '../launcher/log-file.ts';
import type { RunRow } from '../model/run.ts';
import type { CatalogueStore } from '../store/catalogue-store.ts';
import type { RetentionStore, RunArtifact } from '../store/retention-store.ts';
import type { Store } from '../store/store.ts';

/** What is needed to let go of runs; a server has all of it, and so has a command that finds no server on the data folder. */
export interface RemovalTools {
  readonly store: Store;
  readonly catalogue: CatalogueStore;
  readonly retention: RetentionStore;
  readonly artifacts: ArtifactStore;
  readonly dataDir: string;
  /** Resolves when everything that has happened is recorded (Engine.settled). Default: at once. */
  readonly settled?: () => Promise<void>;
  /** Told of every run that was removed, for what others keep of it: containers, volumes. Must not throw. */
  readonly onRemoved?: (runId: string) => void | Promise<void>;
}

export interface RemovalPlan {
  readonly run: RunRow;
  /** Of the run's own artifacts, the URIs that go and those that stay because other runs need them. */
  readonly removed: readonly RunArtifact[];
  readonly kept: readonly RunArtifact[];
  /** The whole folder of the run, if nothing in it stays. */
  readonly folder: string | undefined;
}

/** What removing an ended run would remove. Undefined if there is no such run. */
export async function planRemoval(
  tools: Pick<RemovalTools, 'store' | 'retention'>,
  runId: string,
): Promise<RemovalPlan | undefined> {
  const run = await tools.store.getRun(runId);
  if (!run) return undefined;
  const below = `${run.pipelineRoot}/${pathSegment(run.pipelineName)}/${runId}`;
  const { artifacts, foreignUris } = await tools.retention.artifactsOfRun(runId, below);
  const isNeeded = (artifact: RunArtifact) => artifact.isNeeded || foreignUris.some((uri) => overlap(uri, artifact.uri));
  const removed = artifacts.filter((artifact) => !isNeeded(artifact));
  const kept = artifacts.filter((artifact) => artifact.runId === runId && isNeeded(artifact));
  return { run, removed, kept, folder: kept.length + foreignUris.length === 0 ? below : undefined };
}

/** One is the other, or lies in it. */
const overlap = (a: string, b: string): boolean => a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);

/** Removes an ended run. Nothing happens if there is none. Throws UNAVAILABLE if an object store cannot be reached; then it is still there. */
export async function removeRun(tools: RemovalTools, runId: string): Promise<RemovalPlan | undefined> {
  const { retention, catalogue, artifacts, dataDir } = tools;
  await retention.removeCacheEntriesOfRun(runId);
  // A task that found an entry a moment ago has taken it over by then, and is seen in the lineage.
  await tools.settled?.();
  const plan = await planRemoval(tools, runId);
  if (!plan) return undefined;
  if (plan.folder !== undefined) await removeBytes(artifacts, plan.folder);
  for (const artifact of plan.removed) {
    const isInFolder = plan.folder !== undefined && artifact.uri.startsWith(`${plan.folder}/`);
    if (!isInFolder && isOwnUri(artifact)) await removeBytes(artifacts, artifact.uri);
  }
  const ids = plan.removed.map(({ id }) => id);
  await retention.deleteArtifactsUsedOnlyBy(runId, ids);
  for (const folder of [dirname(logFile(dataDir, `${runId}.0.0`)), join(dataDir, 'workspaces', runId)])
    await rm(folder, { recursive: true, force: true });
  await catalogue.deleteRun(runId);
  await forgetDocument(tools, plan.run.documentDigest);
  await tools.onRemoved?.(runId);
  return plan;
}

/** Steps write below a folder with the run's id in its path (engine/launch.ts). */
const isOwnUri = ({ uri, runId }: RunArtifact): boolean => uri.includes(`/${runId}/`);

/** What cannot be removed by us (a folder outside the artifact store's, a store that is no longer configured) is left where it is. */
async function removeBytes(artifacts: ArtifactStore, uri: string): Promise<void> {
  if (!artifacts.handles(uri)) return;
  await artifacts.remove(uri).catch((error: unknown) => {
    if (!(error instanceof ProductError) || error.code === 'UNAVAILABLE') throw error;
  });
}

/** A run that is being submitted may have found the document there just before: then it is put back. */
async function forgetDocument({ retention, store, settled }: RemovalTools, digest: string): Promise<void> {
  const deleted = await retention.deleteUnusedDocuments([digest]);
  if (deleted.length === 0) return;
  await settled?.();
  const used = await retention.usedDocuments(deleted.map((document) => document.digest));
  for (const document of deleted) if (used.includes(document.digest)) await store.saveDocument(document.digest, document.body);
}
