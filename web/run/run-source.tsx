import { useQuery } from '@tanstack/react-query';
import { callText } from '../api/call.ts';
import { CodeView } from '../ui/code-view.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { ErrorMessage, SkeletonRows } from '../ui/feedback.tsx';
import type { Run } from './use-run.ts';
import classes from './run.module.css';

/** The pipeline the run was made from, as YAML. */
export function RunSource({ run }: { readonly run: Run }) {
  const runId = run.view?.run?.run_id ?? '';
  const { data, error, refetch } = useQuery({
    queryKey: ['Run_GetSource', runId],
    queryFn: async ({ signal }) => await callText('Run_GetSource', { params: { run_id: runId } }, signal),
    enabled: runId !== '',
    staleTime: Infinity,
  });
  if (error) return <ErrorMessage error={error} retry={() => void refetch()} />;
  if (data === undefined) return <SkeletonRows />;
  return (
    <div className={classes['source']}>
      <div className={classes['sourceActions']}>
        <CopyButton text={data}>Copy</CopyButton>
      </div>
      <CodeView text={data} label="Source of the pipeline" />
    </div>
  );
}
