import { basename, extname } from 'node:path';
import { isJsonObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import type { PipelineDocument } from '../../ir/spec.ts';
import { writeDocument, writePipelineYaml } from '../../ir/write.ts';
import type { UploadFile } from '../../client/client.ts';
import { compilePython } from '../compile-python.ts';
import { loadPipeline } from '../load-pipeline.ts';
import { readBytes, TYPESCRIPT } from '../source-file.ts';

/**
 * The file to upload: sources are compiled first, anything else goes as it is, also what only the server can judge (archives,
 * Argo Workflows).
 */
export async function packageToUpload(file: string, options: { readonly pipelineName?: string } = {}): Promise<UploadFile> {
  const extension = extname(file).toLowerCase();
  const stem = basename(file, extname(file));
  if (TYPESCRIPT.has(extension)) {
    const document = await loadPipeline(file, note, options);
    return { name: `${stem}.yaml`, bytes: Buffer.from(writePipelineYaml(document)) };
  }
  if (extension === '.py') {
    note(`compiling ${basename(file)} with kfp`);
    return { name: `${stem}.yaml`, bytes: await compilePython(file) };
  }
  return { name: basename(file), bytes: await readBytes(file) };
}

/** Progress of a compilation goes to stderr: stdout is the command's result. */
export const note = (text: string): void => void process.stderr.write(`${text}\n`);

/** The `pipeline_spec` of the API for a document; with a platform, both in a wrapper. */
export function specForRun(document: PipelineDocument): JsonObject {
  const { spec, platform } = document;
  const json = JSON.parse(writeDocument({ spec, platform, defaultArguments: {} })) as JsonObject;
  if (!Object.hasOwn(json, 'pipelineSpec')) return json;
  const platformSpec = json['platformSpec'];
  return { pipeline_spec: json['pipelineSpec']!, ...(platformSpec === undefined ? {} : { platform_spec: platformSpec }) };
}

/** The spec with caching switched for every task, which is what the kfp SDK's `enable_caching` does. */
export function withCaching(spec: JsonObject, enableCache: boolean): JsonObject {
  const visit = (value: JsonValue, key: string): JsonValue => {
    if (Array.isArray(value)) return value;
    if (!isJsonObject(value)) return value;
    if (key === 'tasks')
      return Object.fromEntries(Object.entries(value).map(([name, task]) => [name, switched(task, enableCache)]));
    const isWay = key === '' || WAY_TO_TASKS.has(key) || key.startsWith('component:');
    if (!isWay) return value;
    const below = (name: string): string => (key === 'components' ? `component:${name}` : name);
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, visit(member, below(name))]));
  };
  return visit(spec, '') as JsonObject;
}

const WAY_TO_TASKS = new Set(['pipeline_spec', 'pipelineSpec', 'root', 'dag', 'components']);

function switched(task: JsonValue, enableCache: boolean): JsonValue {
  if (!isJsonObject(task)) return task;
  const options = isJsonObject(task['cachingOptions']) ? task['cachingOptions'] : {};
  const { enableCache: _earlier, ...others } = options;
  return { ...task, cachingOptions: enableCache ? { ...others, enableCache } : others };
}
