import { Link, useParams } from '@tanstack/react-router';
import { useEffect } from 'react';
import { plural } from '../base/format.ts';
import { ErrorMessage, Skeleton } from '../ui/feedback.tsx';
import { Page } from '../ui/page.tsx';
import { Parts } from '../ui/parts.tsx';
import { State } from '../ui/state.tsx';
import { Tab, Tabs } from '../ui/tabs.tsx';
import { Duration, Time } from '../ui/time.tsx';
import { CauseBanner } from './cause-banner.tsx';
import { RunActions } from './run-actions.tsx';
import { RunEvents } from './run-events.tsx';
import { RunGraph } from './run-graph.tsx';
import { RunOutputs } from './run-outputs.tsx';
import { RunParameters } from './run-parameters.tsx';
import { useRunSearch } from './run-search.ts';
import { RunSource } from './run-source.tsx';
import { TaskPanel } from './task-panel.tsx';
import { TaskTable } from './task-table.tsx';
import { Timeline } from './timeline.tsx';
import { type Run, useRun } from './use-run.ts';
import classes from './run.module.css';

const VIEWS = [
  ['graph', 'Graph'],
  ['timeline', 'Timeline'],
  ['tasks', 'Tasks'],
  ['outputs', 'Outputs'],
  ['parameters', 'Parameters'],
  ['events', 'Events'],
  ['source', 'Source'],
] as const;

/** One run: what it is, why it failed, and everything about its tasks. */
export function RunPage() {
  const { runId } = useParams({ from: '/runs/$runId' });
  return <RunContent key={runId} runId={runId} />;
}

function RunContent({ runId }: { readonly runId: string }) {
  const run = useRun(runId);
  const [search] = useRunSearch();
  const summary = run.view?.run;
  const name = summary?.display_name ?? runId;
  useFaviconOfState(summary?.state);
  if (run.error && !run.view) {
    return (
      <Page title="Run" parent={{ to: '/runs', title: 'Runs' }}>
        <ErrorMessage title="The run cannot be shown" error={run.error} retry={run.reload} />
      </Page>
    );
  }
  return (
    <Page
      title={name}
      parent={{ to: '/runs', title: 'Runs' }}
      heading={
        <span className={classes['heading']}>
          <span>{summary ? name : <Skeleton width={220} />}</span>
          {summary && <State state={summary.state} />}
        </span>
      }
      subtitle={<Subtitle run={run} />}
      actions={summary && <RunActions run={run} summary={summary} />}
      layout="fill"
      bar={
        <Tabs label="Views of the run">
          {VIEWS.map(([view, title]) => (
            <Tab
              key={view}
              to="."
              search={(before: object) => ({ ...before, view: view === 'graph' ? undefined : view })}
              isCurrent={(search.view ?? 'graph') === view}
            >
              {title}
            </Tab>
          ))}
        </Tabs>
      }
    >
      {run.view?.cause && summary?.state !== 'SUCCEEDED' && <CauseBanner cause={run.view.cause} run={run} />}
      <div className={classes['body']}>
        <div className={classes['view']}>
          <View run={run} name={search.view ?? 'graph'} />
        </div>
        {search.task !== undefined && <TaskPanel run={run} path={search.task} />}
      </div>
    </Page>
  );
}

function View({ run, name }: { readonly run: Run; readonly name: string }) {
  switch (name) {
    case 'timeline':
      return <Timeline run={run} />;
    case 'tasks':
      return <TaskTable run={run} />;
    case 'outputs':
      return <RunOutputs run={run} />;
    case 'parameters':
      return <RunParameters run={run} />;
    case 'events':
      return <RunEvents run={run} />;
    case 'source':
      return <RunSource run={run} />;
    default:
      return <RunGraph run={run} />;
  }
}

function Subtitle({ run: { view } }: { readonly run: Run }) {
  const summary = view?.run;
  if (!summary) return <Skeleton width={320} />;
  const counts = view.task_counts ?? {};
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return (
    <Parts>
      {summary.pipeline_id ? (
        <Link
          to="/pipelines/$pipelineId"
          params={{ pipelineId: summary.pipeline_id }}
          search={{ version: summary.pipeline_version_id }}
        >
          {summary.pipeline_display_name || summary.pipeline_name}
          {summary.pipeline_version_name && summary.pipeline_version_name !== summary.pipeline_display_name && (
            <span className="muted"> {summary.pipeline_version_name}</span>
          )}
        </Link>
      ) : (
        <span>{summary.pipeline_name}</span>
      )}
      {summary.experiment_id && (
        <Link to="/experiments/$experimentId" params={{ experimentId: summary.experiment_id }}>
          {summary.experiment_name}
        </Link>
      )}
      <span>
        started <Time at={summary.started_at ?? summary.created_at} />
      </span>
      <span>
        <Duration from={summary.started_at} to={summary.ended_at} />
      </span>
      {total > 0 && <span>{plural(total, 'task')}</span>}
      {summary.cloned_from_run_id && (
        <Link to="/runs/$runId" params={{ runId: summary.cloned_from_run_id }}>
          clone of an earlier run
        </Link>
      )}
    </Parts>
  );
}

/** The tab of a run that is waited for says how it stands. */
function useFaviconOfState(state: string | undefined): void {
  useEffect(() => {
    const mark = state === 'FAILED' ? '✗ ' : state === 'SUCCEEDED' ? '✓ ' : state === 'RUNNING' ? '▸ ' : '';
    const title = document.title.replace(/^[✗✓▸] /, '');
    document.title = `${mark}${title}`;
  }, [state]);
}
