import { isJsonObject, type JsonValue } from '../base/json.ts';

export type DocumentForm = 'pipeline' | 'platform' | 'job' | 'manifest' | 'argo' | 'component' | 'unknown';

/** What a parsed document is, told by the keys only that form has. */
export function formOf(json: JsonValue): DocumentForm {
  if (!isJsonObject(json)) return 'unknown';
  const has = (...keys: readonly string[]) => keys.some((key) => Object.hasOwn(json, key));
  const apiVersion = typeof json['apiVersion'] === 'string' ? json['apiVersion'] : '';
  if (apiVersion.startsWith('argoproj.io/')) return 'argo';
  if (apiVersion.startsWith('pipelines.kubeflow.org/')) return 'manifest';
  if (has('pipelineSpec', 'pipeline_spec')) return 'job';
  if (has('pipelineInfo', 'pipeline_info', 'root', 'deploymentSpec', 'deployment_spec')) return 'pipeline';
  if (has('platforms')) return 'platform';
  return has('implementation') ? 'component' : 'unknown';
}
