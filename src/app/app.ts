import type { ArtifactStore } from '../artifacts/artifact-store.ts';
import type { Clock } from '../base/clock.ts';
import type { Engine } from '../engine/engine.ts';
import type { Executor } from '../executors/executor.ts';
import type { CatalogueStore } from '../store/catalogue-store.ts';
import type { RetentionStore } from '../store/retention-store.ts';
import type { Store } from '../store/store.ts';
import { documentCache, type DocumentCache } from './documents.ts';
import { oneByOne, type OneByOne } from './one-by-one.ts';
import type { ReservedIds } from './reserved-ids.ts';

/** What the functions of this layer work with. */
export interface App {
  readonly store: Store;
  readonly catalogue: CatalogueStore;
  readonly retention: RetentionStore;
  readonly engine: Engine;
  readonly artifacts: ArtifactStore;
  readonly executor: Executor;
  readonly clock: Clock;
  /** The ones the engine was given, too. */
  readonly ids: ReservedIds;
  readonly dataDir: string;
  readonly version: string;
  readonly startedAtMs: number;
  /** Of cron expressions: an IANA name. */
  readonly timeZone: string;
  /** Origins (`https://github.com`) that pipelines may be fetched from on request; normally none. */
  readonly pipelineOrigins: readonly string[];
  readonly documents: DocumentCache;
  /** For changes that depend on what is there, by the id of the run, pipeline or version that is changed. */
  readonly inTurn: OneByOne;
  /** Told when the set of recurring runs, or when one of them is due, has changed. */
  readonly recurringChanged: () => void;
}

export type AppOptions = Omit<App, 'documents' | 'inTurn'>;

export function createApp(options: AppOptions): App {
  return { ...options, documents: documentCache(options.store), inTurn: oneByOne() };
}

/** The namespace of those who name none; the only one on an installation without login. */
export const DEFAULT_NAMESPACE = '';
