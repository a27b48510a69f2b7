import { useQuery } from '@tanstack/react-query';
import { callText, urlOf } from '../../api/call.ts';
import { CodeView } from '../../ui/code-view.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { DownloadLink } from '../../ui/download-link.tsx';
import { ErrorMessage, SkeletonRows } from '../../ui/feedback.tsx';
import classes from './version-source.module.css';

export interface VersionProps {
  readonly pipeline: string;
  readonly version: string;
}

/** The text that was uploaded. A version never changes, so it is asked for once. */
export function useVersionSourceText(pipeline: string, version: string | undefined) {
  const params = { pipeline_id: pipeline, pipeline_version_id: version ?? '' };
  return useQuery({
    queryKey: ['Version_GetSource', params],
    queryFn: async ({ signal }) => await callText('Version_GetSource', { params }, signal),
    enabled: version !== undefined,
    staleTime: Infinity,
  });
}

export function VersionSource({ pipeline, version }: VersionProps) {
  const { data, error, refetch } = useVersionSourceText(pipeline, version);
  if (error) return <ErrorMessage error={error} retry={() => void refetch()} />;
  if (data === undefined) return <SkeletonRows label="Loading the source" />;
  return (
    <div className={classes['source']}>
      <div className={classes['actions']}>
        <CopyButton text={data} label="Copy the source" />
        <DownloadLink
          href={urlOf('Version_GetSource', { params: { pipeline_id: pipeline, pipeline_version_id: version } })}
          label="Download the source"
          fileName="pipeline.yaml"
        />
      </div>
      <CodeView text={data} label="Source of the version" />
    </div>
  );
}
