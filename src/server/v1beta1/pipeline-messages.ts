import { argoParameters } from '../../app/pipeline-file.ts';
import { defaultVersion } from '../../app/pipeline-versions.ts';
import type { JsonObject } from '../../base/json.ts';
import { readPipeline } from '../../ir/read.ts';
import { valueToText } from '../../ir/values.ts';
import type { ExperimentRow, PipelineRow, PipelineVersionRow } from '../../store/catalogue-store.ts';
import type { Context } from '../context.ts';
import { namespaceReference, reference, type V1Message } from './references.ts';

export function experimentMessage(context: Context, row: ExperimentRow): V1Message<'Experiment'> {
  return {
    id: row.experimentId,
    name: row.name,
    description: row.description,
    created_at: row.createdAtMs,
    resource_references: namespaceReference(context, row.namespace),
    storage_state: row.storageState === 'ARCHIVED' ? 'STORAGESTATE_ARCHIVED' : 'STORAGESTATE_AVAILABLE',
  };
}

export async function pipelineMessage(context: Context, row: PipelineRow): Promise<V1Message<'Pipeline'>> {
  const version = await defaultVersion(context.app, row);
  const shown = version && (await versionMessage(context, version));
  return {
    id: row.pipelineId,
    created_at: row.createdAtMs,
    name: row.displayName,
    description: row.description,
    ...(shown?.parameters ? { parameters: shown.parameters } : {}),
    ...(shown ? { default_version: shown } : {}),
    resource_references: namespaceReference(context, row.namespace),
  };
}

export async function versionMessage({ app }: Context, row: PipelineVersionRow): Promise<V1Message<'PipelineVersion'>> {
  return {
    id: row.pipelineVersionId,
    name: row.displayName,
    created_at: row.createdAtMs,
    parameters: versionParameters(row, await app.documents.text(row.specDigest)),
    code_source_url: row.codeSourceUrl,
    ...(row.packageUrl === '' ? {} : { package_url: { pipeline_url: row.packageUrl } }),
    resource_references: reference('PIPELINE', row.pipelineId),
    description: row.description,
  };
}

/** Parameters with their defaults, which are texts in v1beta1. */
function versionParameters({ kind }: PipelineVersionRow, spec: string): readonly V1Message<'Parameter'>[] {
  if (kind === 'argo') return argoParameters(JSON.parse(spec) as JsonObject);
  const { parameters } = readPipeline(spec).spec.root.inputDefinitions;
  return Object.entries(parameters).map(([name, { defaultValue }]) => ({
    name,
    value: defaultValue === undefined ? '' : valueToText(defaultValue),
  }));
}
