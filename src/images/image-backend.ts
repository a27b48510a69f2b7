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

export interface BuildRequest {
  readonly folder: string;
  /** The build context: paths in the folder, with slashes. */
  readonly files: readonly string[];
  readonly tag: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly onOutput: (text: string) => void;
}
