/** Writes a pipeline document: as one JSON text for keeping, and as YAML in the layout of KFP's compiler. */
import { isJsonObject, type JsonObject, type JsonValue } from '../base/json.ts';
import { writeYaml, YamlDouble } from '../base/yaml-writer.ts';
import { pipelineHeader } from './write-header.ts';
import type { PipelineDocument } from './spec.ts';
import { wirePipeline, wirePlatform } from './write-wire.ts';

/**
 * The document as one line of JSON that `readPipelineDocument` reads back to an equal document. Equal documents whose members are
 * in the same order give the same text, whatever form they were read from: its SHA-256 identifies the stored document.
 */
export function writeDocument(document: PipelineDocument): string {
  const pipelineSpec = wirePipeline(document.spec, { value: (value) => value });
  const platformSpec = wirePlatform(document.platform);
  const runtimeConfig = runtimeConfigOf(document);
  if (!platformSpec && !runtimeConfig) return JSON.stringify(pipelineSpec);
  return JSON.stringify({ pipelineSpec, platformSpec, runtimeConfig });
}

/** The document as KFP's compiler writes it: a header that says what it is, sorted keys, the platform in a second document. */
export function writePipelineYaml(document: PipelineDocument): string {
  const pipelineSpec = wirePipeline(document.spec, { value: withDoubles });
  const runtimeConfig = runtimeConfigOf(document);
  const platformSpec = wirePlatform(document.platform);
  const first = writeYaml(runtimeConfig ? { pipelineSpec, runtimeConfig } : pipelineSpec, { sortKeys: true });
  const second = platformSpec ? `---\n${writeYaml(platformSpec, { sortKeys: true })}` : '';
  return pipelineHeader(document.spec) + first + second;
}

/** Only a job has arguments and a root of its own. */
function runtimeConfigOf({ defaultArguments, pipelineRoot }: PipelineDocument): JsonObject | undefined {
  if (Object.keys(defaultArguments).length === 0 && pipelineRoot === undefined) return undefined;
  return {
    ...(Object.keys(defaultArguments).length > 0 ? { parameterValues: defaultArguments } : {}),
    ...(pipelineRoot === undefined ? {} : { gcsOutputDirectory: pipelineRoot }),
  };
}

/** Numbers of a google.protobuf.Value are doubles, and KFP writes them so: 3.0. */
function withDoubles(value: JsonValue): JsonValue {
  if (typeof value === 'number') return new YamlDouble(value) as unknown as JsonValue; // Only the writer sees it.
  if (Array.isArray(value)) return value.map(withDoubles);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withDoubles(item)]));
}
