import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { Native } from '../api/operations.ts';
import { ask } from '../api/query.ts';
import { ArtifactView } from '../artifact/artifact-view.tsx';
import { Empty, ErrorMessage, SkeletonRows } from '../ui/feedback.tsx';
import { Panel } from '../ui/panel.tsx';
import { Values } from './values.tsx';
import { isFinal, type Run } from './use-run.ts';
import classes from './run.module.css';

/** Artifacts that say something at a glance are shown in full, up to this many. */
const MAX_SHOWN = 12;
const SHOWN = new Set([
  'system.Metrics',
  'system.ClassificationMetrics',
  'system.SlicedClassificationMetrics',
  'system.Markdown',
  'system.HTML',
]);

interface Written {
  readonly artifact: Native<'Artifact'>;
  readonly task: Native<'PipelineTask'>;
}

/** What came out of the run: its outputs, its metrics and reports, and all artifacts its tasks wrote. */
export function RunOutputs({ run: { view } }: { readonly run: Run }) {
  const runId = view?.run?.run_id ?? '';
  const isEnded = isFinal(view?.run?.state);
  const { data, error, refetch } = useQuery({
    ...ask('Task_List', { params: { run_id: runId }, query: { page_size: 1000 } }),
    enabled: runId !== '',
    ...(isEnded ? {} : { refetchInterval: 2_000 }),
  });
  const written = useMemo(() => artifactsOf(data?.tasks ?? []), [data]);
  if (error) return <ErrorMessage error={error} retry={() => void refetch()} />;
  if (!data) return <SkeletonRows />;
  const shown = written.filter(({ artifact }) => SHOWN.has(artifact.type_name ?? '')).slice(0, MAX_SHOWN);
  const hasOutputs = (view?.outputs?.parameters?.length ?? 0) + (view?.outputs?.artifacts?.length ?? 0) > 0;
  if (written.length === 0 && !hasOutputs) {
    return (
      <Empty icon="artifacts" title={isEnded ? 'This run wrote nothing that is kept' : 'Nothing has been written yet'}>
        Outputs of the pipeline and artifacts of its tasks are shown here.
      </Empty>
    );
  }
  return (
    <div className={classes['scrolling']}>
      {hasOutputs && (
        <Panel title="Outputs of the pipeline">
          <Values values={view?.outputs} empty="" />
        </Panel>
      )}
      {shown.map(({ artifact, task }) => (
        <Panel
          key={artifact.artifact_id}
          title={`${artifact.name} of ${task.display_name}`}
          actions={<Open artifact={artifact} />}
        >
          <ArtifactView artifact={artifact} />
        </Panel>
      ))}
      <Panel title="All artifacts">
        <ul className={classes['artifactList']}>
          {written.map(({ artifact, task }) => (
            <li key={artifact.artifact_id}>
              <Link to="/artifacts/$artifactId" params={{ artifactId: artifact.artifact_id ?? '' }}>
                {artifact.name || 'artifact'}
              </Link>
              <span className="muted">{(artifact.type_name ?? '').replace(/^system\./, '')}</span>
              <span className="muted">{task.path?.slice(1)}</span>
              <code className="truncate">{artifact.uri}</code>
            </li>
          ))}
        </ul>
      </Panel>
    </div>
  );
}

const Open = ({ artifact }: { readonly artifact: Native<'Artifact'> }) => (
  <Link className={classes['open']} to="/artifacts/$artifactId" params={{ artifactId: artifact.artifact_id ?? '' }}>
    Open
  </Link>
);

/** Each artifact with the step that wrote it; groups hand through what steps wrote. */
function artifactsOf(tasks: readonly Native<'PipelineTask'>[]): readonly Written[] {
  const seen = new Set<string>();
  return tasks
    .filter(({ kind }) => kind !== 'dag' && kind !== 'loop')
    .flatMap((task) =>
      (task.outputs?.artifacts ?? []).flatMap(({ artifacts = [] }) => artifacts.map((artifact) => ({ artifact, task }))),
    )
    .filter(({ artifact: { artifact_id = '' } }) => !seen.has(artifact_id) && seen.add(artifact_id));
}
