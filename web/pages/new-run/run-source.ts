import { useQuery } from '@tanstack/react-query';
import { call, callText } from '../../api/call.ts';
import type { Native } from '../../api/operations.ts';
import { ask } from '../../api/query.ts';
import type { Values } from './parameter-values.ts';
import { useVersions, type VersionChoice } from './version-picker.tsx';

/** What a run is to be made of, and what is known of it. */
export interface RunSource {
  readonly inputs: Native<'PipelineInputs'> | undefined;
  /** Values the form starts with. */
  readonly given: Values;
  readonly problems: readonly Native<'Problem'>[];
  readonly error: Error | null;
  /** Changes when the form has to start anew. */
  readonly key: string;
  /** What to call the run. */
  readonly title: string;
}

/** A version; the newest one of the pipeline if none is chosen. */
export function useVersionSource({ pipeline, version }: VersionChoice): RunSource & { readonly versionId: string | undefined } {
  const newest = useVersions(pipeline)[0]?.pipeline_version_id;
  const versionId = version ?? newest;
  const params = { pipeline_id: pipeline ?? '', pipeline_version_id: versionId ?? '' };
  const inputs = useQuery({
    ...ask('Version_GetInputs', { params }),
    enabled: pipeline !== undefined && versionId !== undefined,
  });
  const about = useQuery({ ...ask('PipelineService_GetPipeline', { params }), enabled: pipeline !== undefined });
  return {
    inputs: inputs.data,
    given: {},
    problems: [],
    error: inputs.error ?? about.error,
    key: `version ${versionId}`,
    title: about.data?.display_name ?? '',
    versionId,
  };
}

/** A file, read by the server without being kept. */
export function useFileSource(file: File | undefined): RunSource {
  const inspection = useQuery({
    queryKey: ['Pipeline_Inspect', file?.name, file?.lastModified, file?.size],
    queryFn: async ({ signal }) => await call('Pipeline_Inspect', { file: file! }, signal),
    enabled: file !== undefined,
  });
  const inputs = inspection.data?.inputs;
  return {
    inputs,
    given: {},
    problems: inspection.data?.problems ?? [],
    error: inspection.error,
    key: `file ${file?.name} ${file?.lastModified}`,
    title: inputs?.pipeline_name ?? file?.name ?? '',
  };
}

/** Another run: its pipeline, whether or not it is still kept as a version, and its arguments. */
export function useCloneSource(runId: string | undefined): RunSource & { readonly run: Native<'RunView'> | undefined } {
  const run = useQuery({ ...ask('Run_Get', { params: { run_id: runId ?? '' } }), enabled: runId !== undefined });
  const inspection = useQuery({
    queryKey: ['Pipeline_Inspect', 'run', runId],
    queryFn: async ({ signal }) => {
      const source = await callText('Run_GetSource', { params: { run_id: runId ?? '' } }, signal);
      return await call('Pipeline_Inspect', { file: new File([source], 'pipeline.yaml') }, signal);
    },
    enabled: runId !== undefined,
  });
  const all = (run.data?.parameters ?? {}) as Values;
  return {
    inputs: run.data && inspection.data?.inputs,
    given: all,
    problems: inspection.data?.problems ?? [],
    error: run.error ?? inspection.error,
    key: `clone ${runId}`,
    title: run.data?.run?.display_name ?? '',
    run: run.data,
  };
}
