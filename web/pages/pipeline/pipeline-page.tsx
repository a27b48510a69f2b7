import type { V2 } from '../../api/operations.ts';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { ask } from '../../api/query.ts';
import { useMay } from '../../api/session.ts';
import { LinkButton } from '../../ui/button.tsx';
import { ErrorMessage, Skeleton, SkeletonRows } from '../../ui/feedback.tsx';
import { Select } from '../../ui/field.tsx';
import { Page } from '../../ui/page.tsx';
import { Time } from '../../ui/time.tsx';
import { Tab, Tabs } from '../../ui/tabs.tsx';
import { NoRuns } from '../runs/no-runs.tsx';
import { RunTable, useRunList } from '../runs/run-table.tsx';
import { useVersions } from '../new-run/version-picker.tsx';
import { PipelineMenu } from './pipeline-menu.tsx';
import { VersionDiff } from './version-diff.tsx';
import { VersionGraph } from './version-graph.tsx';
import { VersionSource } from './version-source.tsx';
import { VersionTable } from './version-table.tsx';
import classes from './pipeline-page.module.css';

const VIEWS = ['graph', 'source', 'versions', 'runs'] as const;
type View = (typeof VIEWS)[number] | 'diff';

/** A pipeline: its graph, source, versions, and what differs between them; its runs. */
export function PipelinePage() {
  const { pipelineId } = useParams({ from: '/pipelines/$pipelineId' });
  const search = useSearch({ from: '/pipelines/$pipelineId' });
  const navigate = useNavigate({ from: '/pipelines/$pipelineId' });
  const may = useMay();
  const about = useQuery(ask('PipelineService_GetPipeline', { params: { pipeline_id: pipelineId } }));
  const versions = useVersions(pipelineId);
  const version = search.version ?? versions[0]?.pipeline_version_id;
  const view = (search.view ?? 'graph') as View;
  const name = about.data?.display_name ?? 'Pipeline';
  if (about.error) {
    return (
      <Page title="Pipeline" parent={{ to: '/pipelines', title: 'Pipelines' }}>
        <ErrorMessage error={about.error} retry={() => void about.refetch()} />
      </Page>
    );
  }
  const actions = (
    <>
      {may('RunService_CreateRun') && (
        <LinkButton to="/runs/new" search={{ pipeline: pipelineId, version: search.version }} kind="primary" icon="runs">
          Run
        </LinkButton>
      )}
      <PipelineMenu
        pipeline={pipelineId}
        name={name}
        version={versions.find(({ pipeline_version_id }) => pipeline_version_id === version)}
      />
    </>
  );
  const bar = (
    <div className={classes['bar']}>
      <Tabs label="Views">
        {VIEWS.map((name) => (
          <Tab
            key={name}
            from="/pipelines/$pipelineId"
            to="."
            search={{ version: search.version, view: name === 'graph' ? undefined : name }}
            isCurrent={view === name}
          >
            {TITLES[name]}
          </Tab>
        ))}
        {view === 'diff' && (
          <Tab from="/pipelines/$pipelineId" to="." search={search} isCurrent>
            Differences
          </Tab>
        )}
      </Tabs>
      <Select
        aria-label="Version"
        value={version ?? ''}
        options={versions.map(({ pipeline_version_id = '', display_name = '' }) => ({
          value: pipeline_version_id,
          label: display_name,
        }))}
        onChange={(event) => void navigate({ search: { ...search, version: event.target.value } })}
      />
    </div>
  );
  return (
    <Page
      title={name}
      parent={{ to: '/pipelines', title: 'Pipelines' }}
      subtitle={<About about={about.data} />}
      actions={actions}
      bar={bar}
      layout={view === 'graph' || view === 'runs' ? 'fill' : 'flow'}
    >
      {view === 'runs' && <PipelineRuns pipeline={pipelineId} />}
      {view === 'versions' && <VersionTable pipeline={pipelineId} versions={versions} current={version} />}
      {version === undefined && view !== 'runs' && view !== 'versions' && <SkeletonRows label="Loading the version" />}
      {version !== undefined && view === 'graph' && <VersionGraph key={version} pipeline={pipelineId} version={version} />}
      {version !== undefined && view === 'source' && <VersionSource pipeline={pipelineId} version={version} />}
      {version !== undefined && view === 'diff' && (
        <VersionDiff pipeline={pipelineId} version={version} other={search.with} versions={versions} />
      )}
    </Page>
  );
}

function PipelineRuns({ pipeline }: { readonly pipeline: string }) {
  const filters = { pipeline };
  return <RunTable list={useRunList(filters)} without={WITHOUT} empty={<NoRuns filters={filters} />} />;
}

const WITHOUT = ['Pipeline'] as const;

/** One line, also while it is being loaded: nothing moves when it comes. */
function About({ about }: { readonly about: V2<'Pipeline'> | undefined }) {
  if (about === undefined) return <Skeleton width={280} />;
  if (about.description) return about.description;
  return (
    <>
      Created <Time at={about.created_at} />
    </>
  );
}

const TITLES = { graph: 'Graph', source: 'Source', versions: 'Versions', runs: 'Runs' } as const;
