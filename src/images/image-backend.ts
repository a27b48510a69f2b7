/** What builds images and hands them to registries. Throws ProductError. */
export interface ImageBackend {
  readonly name: 'docker' | 'buildah';
  /** What the image is, whatever it is called; undefined if it is not here. */
  idOf(image: string): Promise<string | undefined>;
  pull(image: string): Promise<void>;
  build(request: BuildRequest): Promise<void>;
  tag(image: string, target: string): Promise<void>;
  /** Returns the digest the registry knows it by: `sha256:…`. */
  push(image: string): Promise<string>;
}

export interface BuildRequest extends BuildSources {
  readonly tag: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  /** The stage to end with. Default: the last. */
  readonly target?: string;
  /** What the builder prints, as it comes. */
  readonly onOutput: (text: string) => void;
}

/** What is handed to a builder. */
export interface BuildSources {
  readonly folder: string;
  /** The build context: files, links and folders in the folder, with slashes. */
  readonly entries: readonly string[];
  /** Path of the Dockerfile: relative to the folder, or anywhere else. */
  readonly dockerfile: string;
}
