import { ApiError } from '../../api/api-error.ts';
import { call } from '../../api/call.ts';
import { currentNamespace } from '../../api/namespace.ts';
import type { Values } from './parameter-values.ts';

export interface NewRun {
  readonly name: string;
  readonly description: string;
  readonly experiment: string | undefined;
  readonly parameters: Values;
  readonly pipelineRoot: string;
  /** Only a run that is like another one can be told. */
  readonly isCacheOff: boolean;
}

/** Starts a run and says its id. Throws ApiError. */
export interface Starter {
  readonly kind: 'version' | 'file' | 'clone';
  readonly start: (run: NewRun) => Promise<string>;
}

export function versionStarter(pipeline: string, version: string | undefined): Starter {
  return { kind: 'version', start: async (run) => await startVersion(run, pipeline, version ?? '') };
}

export function cloneStarter(runId: string): Starter {
  const start = async ({ name, parameters, experiment, isCacheOff }: NewRun) => {
    const body = { display_name: name, parameters, experiment_id: experiment, is_cache_off: isCacheOff };
    const reply = await call('Run_Clone', { params: { run_id: runId }, body });
    return reply.run_id ?? '';
  };
  return { kind: 'clone', start };
}

/** Keeps the file as a pipeline first: a run refers to a version that can be looked at later. */
export function fileStarter(file: File): Starter {
  const start = async (run: NewRun) => {
    const { pipeline, version } = await keepFile(file);
    return await startVersion(run, pipeline, version);
  };
  return { kind: 'file', start };
}

async function keepFile(file: File): Promise<{ readonly pipeline: string; readonly version: string }> {
  const { inputs } = await call('Pipeline_Inspect', { file });
  const name = inputs?.pipeline_name ?? file.name;
  const known = await call('PipelineService_GetPipelineByName', { params: { name } }).catch((error: unknown) => {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  });
  if (known?.pipeline_id === undefined) {
    const made = await call('UploadPipeline', { query: { name, namespace: currentNamespace() || undefined }, file });
    return { pipeline: made.pipeline_id ?? '', version: await newestVersion(made.pipeline_id ?? '') };
  }
  const count = await call('PipelineService_ListPipelineVersions', {
    params: { pipeline_id: known.pipeline_id },
    query: { page_size: 1 },
  });
  const query = { pipelineid: known.pipeline_id, name: `${name} ${(count.total_size ?? 0) + 1}` };
  const version = await call('UploadPipelineVersion', { query, file });
  return { pipeline: known.pipeline_id, version: version.pipeline_version_id ?? '' };
}

async function newestVersion(pipeline: string): Promise<string> {
  const query = { page_size: 1, sort_by: 'created_at desc' };
  const versions = await call('PipelineService_ListPipelineVersions', { params: { pipeline_id: pipeline }, query });
  return versions.pipeline_versions?.[0]?.pipeline_version_id ?? '';
}

async function startVersion(run: NewRun, pipeline: string, version: string): Promise<string> {
  const reply = await call('RunService_CreateRun', {
    body: {
      display_name: run.name,
      description: run.description,
      experiment_id: run.experiment,
      pipeline_version_reference: { pipeline_id: pipeline, pipeline_version_id: version },
      runtime_config: { parameters: run.parameters, ...(run.pipelineRoot ? { pipeline_root: run.pipelineRoot } : {}) },
    },
  });
  return reply.run_id ?? '';
}
