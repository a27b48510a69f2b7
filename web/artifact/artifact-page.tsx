import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { urlOf } from '../api/call.ts';
import type { Native } from '../api/operations.ts';
import { ask } from '../api/query.ts';
import { formatBytes } from '../base/format.ts';
import { LineageView } from '../lineage/lineage-view.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { ErrorMessage, Skeleton, SkeletonRows } from '../ui/feedback.tsx';
import { Icon } from '../ui/icon.tsx';
import { Page } from '../ui/page.tsx';
import { Parts } from '../ui/parts.tsx';
import { Facts, Panel } from '../ui/panel.tsx';
import { Tab, Tabs } from '../ui/tabs.tsx';
import { Time } from '../ui/time.tsx';
import { Value } from '../run/values.tsx';
import { ArtifactView } from './artifact-view.tsx';
import classes from './artifact.module.css';

const VIEWS = [
  ['preview', 'Preview'],
  ['lineage', 'Lineage'],
  ['details', 'Details'],
] as const;

/** One artifact: what is in it, what made it, what used it. */
export function ArtifactPage() {
  const { artifactId } = useParams({ from: '/artifacts/$artifactId' });
  const search = useSearch({ from: '/artifacts/$artifactId' });
  const view = search.view ?? 'preview';
  const { data: artifact, error, refetch } = useQuery(ask('Artifact_Get', { params: { artifact_id: artifactId } }));
  if (error) {
    return (
      <Page title="Artifact" parent={{ to: '/artifacts', title: 'Artifacts' }}>
        <ErrorMessage title="The artifact cannot be shown" error={error} retry={() => void refetch()} />
      </Page>
    );
  }
  return (
    <Page
      title={artifact?.name || 'Artifact'}
      parent={{ to: '/artifacts', title: 'Artifacts' }}
      subtitle={<Subtitle artifact={artifact} />}
      layout={view === 'lineage' ? 'fill' : 'flow'}
      actions={
        <a
          className={classes['downloadButton']}
          href={urlOf('Artifact_GetContent', { params: { artifact_id: artifactId }, query: { download: true } })}
          download
        >
          <Icon name="download" />
          Download
        </a>
      }
      bar={
        <Tabs label="Views of the artifact">
          {VIEWS.map(([name, title]) => (
            <Tab
              key={name}
              to="."
              search={(before: object) => ({ ...before, view: name === 'preview' ? undefined : name })}
              isCurrent={view === name}
            >
              {title}
            </Tab>
          ))}
        </Tabs>
      }
    >
      {artifact === undefined ? (
        <SkeletonRows />
      ) : view === 'lineage' ? (
        <LineageView artifactId={artifactId} />
      ) : view === 'details' ? (
        <Details artifact={artifact} />
      ) : (
        <ArtifactView artifact={artifact} path={search.path} isWhole />
      )}
    </Page>
  );
}

function Subtitle({ artifact }: { readonly artifact: Native<'Artifact'> | undefined }) {
  if (!artifact) return <Skeleton width={300} />;
  const size = Number(artifact.size_bytes ?? 0);
  return (
    <Parts>
      <span>{artifact.type_name}</span>
      {size > 0 && <span>{formatBytes(size)}</span>}
      <span>
        written <Time at={artifact.created_at} />
      </span>
      {artifact.run_id && (
        <Link to="/runs/$runId" params={{ runId: artifact.run_id }}>
          by a run of {artifact.pipeline_name}
        </Link>
      )}
    </Parts>
  );
}

function Details({ artifact }: { readonly artifact: Native<'Artifact'> }) {
  const metadata = Object.entries(artifact.metadata ?? {});
  return (
    <div className={classes['stack']}>
      <Panel title="Details">
        <Facts
          rows={[
            ['Type', artifact.type_name],
            [
              'URI',
              <span key="uri" className={classes['uri']}>
                <code>{artifact.uri}</code>
                <CopyButton text={artifact.uri ?? ''} label="Copy the URI" />
              </span>,
            ],
            ['Id', <code key="id">{artifact.artifact_id}</code>],
            ['Namespace', artifact.namespace],
            ['Description', artifact.description],
          ]}
        />
      </Panel>
      {metadata.length > 0 && (
        <Panel title="Metadata">
          <Facts rows={metadata.map(([name, value]) => [name, <Value key={name} value={value} />] as const)} />
        </Panel>
      )}
    </div>
  );
}
