import type { Message } from '../../api/message.ts';
import type { V2Messages } from '../../api/v2beta1/messages.ts';
import { isJsonObject, type JsonObject } from '../../base/json.ts';
import type { ExperimentRow, PipelineRow, PipelineVersionRow } from '../../store/catalogue-store.ts';
import type { Context } from '../context.ts';

export type V2Message<Name extends keyof V2Messages> = Message<V2Messages, Name>;

export function experimentMessage({ namespaces }: Context, row: ExperimentRow): V2Message<'Experiment'> {
  return {
    experiment_id: row.experimentId,
    display_name: row.name,
    description: row.description,
    created_at: row.createdAtMs,
    namespace: namespaces.shown(row.namespace),
    storage_state: row.storageState,
    last_run_created_at: row.lastRunCreatedAtMs,
  };
}

export function pipelineMessage({ namespaces }: Context, row: PipelineRow): V2Message<'Pipeline'> {
  return {
    pipeline_id: row.pipelineId,
    display_name: row.displayName,
    name: row.name,
    description: row.description,
    created_at: row.createdAtMs,
    namespace: namespaces.shown(row.namespace),
    tags: row.tags,
  };
}

export async function versionMessage({ app }: Context, row: PipelineVersionRow): Promise<V2Message<'PipelineVersion'>> {
  return {
    pipeline_id: row.pipelineId,
    pipeline_version_id: row.pipelineVersionId,
    display_name: row.displayName,
    name: row.name,
    description: row.description,
    created_at: row.createdAtMs,
    ...(row.packageUrl === '' ? {} : { package_url: { pipeline_url: row.packageUrl } }),
    code_source_url: row.codeSourceUrl,
    pipeline_spec: shownSpec(JSON.parse(await app.documents.text(row.specDigest)) as JsonObject),
    tags: row.tags,
  };
}

/** A spec with platform settings is shown as the reference server keeps it: both under their proto names. */
function shownSpec(kept: JsonObject): JsonObject {
  const { pipelineSpec, platformSpec } = kept;
  if (!isJsonObject(pipelineSpec)) return kept;
  return isJsonObject(platformSpec) ? { pipeline_spec: pipelineSpec, platform_spec: platformSpec } : pipelineSpec;
}
