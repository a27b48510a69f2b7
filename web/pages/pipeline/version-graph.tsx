import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { ask } from '../../api/query.ts';
import { ErrorMessage, SkeletonRows } from '../../ui/feedback.tsx';
import { TaskPanel } from './task-panel.tsx';
import classes from './version-graph.module.css';

const Graph = lazy(async () => ({ default: (await import('../../graph/graph.tsx')).Graph }));

interface VersionGraphProps {
  readonly pipeline: string;
  readonly version: string;
}

/** The graph of a version; beside it what is known of the selected task before it runs. */
export function VersionGraph({ pipeline, version }: VersionGraphProps) {
  const search = useSearch({ from: '/pipelines/$pipelineId' });
  const navigate = useNavigate({ from: '/pipelines/$pipelineId' });
  const { data, error, refetch } = useQuery(
    ask('Version_GetGraph', { params: { pipeline_id: pipeline, pipeline_version_id: version } }),
  );
  const task = data?.scopes?.flatMap(({ tasks }) => tasks ?? []).find(({ path }) => path === search.task);
  if (error) {
    return (
      <div className={classes['padded']}>
        <ErrorMessage error={error} retry={() => void refetch()} />
      </div>
    );
  }
  const waiting = (
    <div className={classes['padded']}>
      <SkeletonRows label="Loading the graph" />
    </div>
  );
  if (!data) return waiting;
  return (
    <div className={classes['split']}>
      <div className={classes['graph']}>
        <Suspense fallback={waiting}>
          <Graph
            graph={data}
            label={`Graph of ${data.pipeline_name}`}
            root={search.scope ?? '/'}
            onRoot={(path) => void navigate({ search: { ...search, scope: path === '/' ? undefined : path } })}
            selected={search.task}
            onSelect={(id) => void navigate({ search: { ...search, task: id }, replace: true })}
          />
        </Suspense>
      </div>
      {task && <TaskPanel task={task} onClose={() => void navigate({ search: { ...search, task: undefined }, replace: true })} />}
    </div>
  );
}
