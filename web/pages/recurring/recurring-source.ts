import { useQuery } from '@tanstack/react-query';
import { call } from '../../api/call.ts';
import type { V2 } from '../../api/operations.ts';
import { type RunSource, useVersionSource } from '../new-run/run-source.ts';
import type { VersionChoice } from '../new-run/version-picker.tsx';

/** What a recurring run starts, as it is sent. */
export type RecurringPipeline = Pick<V2<'RecurringRun'>, 'pipeline_version_reference' | 'pipeline_spec'>;

/** The version that is chosen, else what `like` starts: a version, always the newest one, or a pipeline that came with the request. */
export function useRecurringSource(
  choice: VersionChoice,
  like: V2<'RecurringRun'> | undefined,
): RunSource & { readonly pipeline: RecurringPipeline } {
  const reference = like?.pipeline_version_reference;
  const isChosen = choice.pipeline !== undefined;
  const version = useVersionSource(
    isChosen ? choice : { pipeline: reference?.pipeline_id || undefined, version: reference?.pipeline_version_id || undefined },
  );
  const spec = isChosen ? undefined : like?.pipeline_spec;
  const inline = useQuery({
    queryKey: ['Pipeline_Inspect', 'recurring', like?.recurring_run_id],
    queryFn: async ({ signal }) => {
      const file = new File([JSON.stringify(spec)], 'pipeline.json');
      return await call('Pipeline_Inspect', { file }, signal);
    },
    enabled: spec !== undefined,
  });
  if (spec !== undefined && !reference) {
    const { inputs, problems = [] } = inline.data ?? {};
    const title = inputs?.pipeline_name ?? '';
    return { inputs, given: {}, problems, error: inline.error, key: 'inline', title, pipeline: { pipeline_spec: spec } };
  }
  const chosen = { pipeline_id: choice.pipeline, pipeline_version_id: version.versionId };
  return { ...version, pipeline: { pipeline_version_reference: isChosen ? chosen : (reference ?? {}) } };
}
