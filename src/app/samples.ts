import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readPipeline } from '../ir/read.ts';
import type { PipelineDocument } from '../ir/spec.ts';
import { writePipelineYaml } from '../ir/write.ts';
import type { App } from './app.ts';
import { uploadPipeline } from './upload-pipeline.ts';

/** A pipeline to try things with, as `samples.json` lists it; paths are relative to its folder. */
interface Sample {
  readonly name: string;
  readonly file: string;
  readonly description: string;
  /** Parameters whose default is the path of a file that comes with the sample. */
  readonly files: Readonly<Record<string, string>>;
}

const SETTING = 'samples';

/** Uploads the samples of a folder, once for an installation: whoever deletes one does not want it back. */
export async function addSamples(app: App, folder: string): Promise<void> {
  if ((await app.catalogue.getSetting(SETTING)) !== undefined) return;
  const samples = JSON.parse(await readFile(join(folder, 'samples.json'), 'utf8')) as readonly Sample[];
  await app.catalogue.saveSetting(SETTING, new Date(app.clock.now()).toISOString());
  for (const { name, file, description, files } of samples) {
    if (await app.catalogue.findPipeline({ namespace: '', name })) continue;
    const document = readPipeline(await readFile(join(folder, file)));
    const content = new TextEncoder().encode(writePipelineYaml(withFiles(document, folder, files)));
    await uploadPipeline(app, { name, description, content, fileName: 'pipeline.yaml' });
  }
}

function withFiles(document: PipelineDocument, folder: string, files: Sample['files']): PipelineDocument {
  const { spec } = document;
  const { inputDefinitions } = spec.root;
  const changed = Object.entries(inputDefinitions.parameters).map(([name, definition]) => {
    const file = files[name];
    return [
      name,
      file === undefined ? definition : { ...definition, defaultValue: join(folder, file), isOptional: true },
    ] as const;
  });
  const root = { ...spec.root, inputDefinitions: { ...inputDefinitions, parameters: Object.fromEntries(changed) } };
  return { ...document, spec: { ...spec, root } };
}
