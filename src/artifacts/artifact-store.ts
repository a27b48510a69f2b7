/** The artifact store contract: where the bytes of artifacts are. Local folders by default; object stores implement the same. */
import type { Readable } from 'node:stream';

export interface StoredFile {
  readonly path: string;
  readonly sizeBytes: number;
}

export interface ArtifactStore {
  readonly name: string;
  /** Root under which pipelines without a pipeline root of their own write: a plain path, or a URI with a scheme. */
  readonly defaultPipelineRoot: string;
  /** Whether URIs of this form are kept here. Plain absolute paths and `file://` belong to the local store. */
  handles(uri: string): boolean;
  /** The file or folder on this machine that holds the artifact, or undefined when it has none (an object store). */
  localPath(uri: string): string | undefined;
  /** Size in bytes (sum over files for a folder); undefined if nothing is there. */
  size(uri: string): Promise<number | undefined>;
  exists(uri: string): Promise<boolean>;
  /**
   * The first files of the artifact in the order of their paths: paths within a folder, one file with the path "" for a file,
   * nothing if nothing is there. Absent in a store whose artifacts have a `localPath`.
   */
  list?(uri: string, limit: number): Promise<readonly StoredFile[]>;
  /** Bytes `start` to `end` (inclusive) of a single file; the whole file by default. Throws NOT_FOUND. */
  read(uri: string, range?: { readonly start: number; readonly end?: number }): Promise<Readable>;
  /**
   * Takes the file or folder at `path` over into the store at `uri`, by rename or hard link where the file system allows it, so
   * that large artifacts are handed on without copying; `path` is gone or shares its bytes with the artifact afterwards.
   */
  adopt(path: string, uri: string): Promise<void>;
  /** Makes the artifact at `uri` appear at `path` without copying where possible (hard link or symbolic link). */
  materialise(uri: string, path: string): Promise<void>;
  remove(uri: string): Promise<void>;
}
