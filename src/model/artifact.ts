import type { JsonObject } from '../base/json.ts';

/** What kind of artifact: a schema title such as `system.Dataset`, or the inline schema TFX writes. */
export interface ArtifactType {
  readonly schemaTitle?: string;
  readonly schemaVersion?: string;
  readonly instanceSchema?: string;
  readonly schemaUri?: string;
}

/** An artifact as a task sees it. `id` identifies the stored record and is what cache keys are made of. */
export interface Artifact {
  readonly id: string;
  /** The name shown and handed to the step; for an output, the output's name. */
  readonly name: string;
  /** A plain absolute path on the embedded artifact store, else a URI with a scheme. */
  readonly uri: string;
  readonly type: ArtifactType;
  readonly metadata: JsonObject;
}
