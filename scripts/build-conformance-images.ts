import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateBuildFiles } from '../src/components/build/generate-build-files.ts';
import { repositoryOf } from '../src/docker/image-reference.ts';
import { buildFolder } from '../src/images/build-folder.ts';
import { chooseBackend } from '../src/images/choose-backend.ts';

const SOURCES = fileURLToPath(new URL('../test/images', import.meta.url));

/** Images that pipelines of the corpus name and nobody publishes, by the folder they are built from. */
const IMAGES: Readonly<Record<string, readonly string[]>> = {
  'kfp-image': ['kfp-image'],
  'record-arguments': [
    'dummy',
    'gcr.io/my-image',
    'gcr.io/my-project/my-image',
    'gcr.io/my-project/my-ingestor',
    'gcr.io/my-project/my-fancy-trainer',
  ],
};

/** Builds them as `component build` does; returns one line for every one that cannot be built. */
export async function buildConformanceImages(): Promise<string[]> {
  const notes: string[] = [];
  for (const [name, tags] of Object.entries(IMAGES)) {
    const folder = await mkdtemp(join(tmpdir(), 'pipewright-image-'));
    try {
      await cp(join(SOURCES, name), folder, { recursive: true });
      const { image } = generateBuildFiles(folder, { otherwiseImage: tags[0]! });
      const backend = await chooseBackend(process.env, 'docker');
      const built = await buildFolder(folder, {
        repository: repositoryOf(image!),
        backend,
        environment: process.env,
        onOutput: () => {},
      });
      for (const tag of tags) await backend.tag(built.image, tag);
    } catch (error) {
      notes.push(`the image ${name} cannot be built: ${(error as Error).message}`);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  return notes;
}
