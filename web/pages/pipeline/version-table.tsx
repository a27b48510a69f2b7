import { Link } from '@tanstack/react-router';
import type { V2 } from '../../api/operations.ts';
import { Badge } from '../../ui/badge.tsx';
import { LinkButton } from '../../ui/button.tsx';
import { Empty } from '../../ui/feedback.tsx';
import { Table } from '../../ui/table.tsx';
import { Time } from '../../ui/time.tsx';

interface VersionTableProps {
  readonly pipeline: string;
  readonly versions: readonly V2<'PipelineVersion'>[];
  /** Id of the version the page shows. */
  readonly current: string | undefined;
}

/** The versions of a pipeline, each to be looked at and compared with the one before it. */
export function VersionTable({ pipeline, versions, current }: VersionTableProps) {
  if (versions.length === 0) {
    return <Empty icon="pipelines" title="This pipeline has no versions" />;
  }
  const before = (id: string) => versions[versions.findIndex(({ pipeline_version_id }) => pipeline_version_id === id) + 1];
  return (
    <Table
      label="Versions"
      rows={versions}
      rowKey={({ pipeline_version_id = '' }) => pipeline_version_id}
      columns={[
        {
          title: 'Version',
          kind: 'main',
          cell: ({ pipeline_version_id, display_name }) => (
            <>
              <Link to="/pipelines/$pipelineId" params={{ pipelineId: pipeline }} search={{ version: pipeline_version_id }}>
                {display_name}
              </Link>{' '}
              {pipeline_version_id === current && <Badge kind="accent">shown</Badge>}
            </>
          ),
        },
        { title: 'Description', isSecondary: true, cell: ({ description }) => <span className="muted">{description}</span> },
        { title: 'Created', kind: 'fit', cell: ({ created_at }) => <Time at={created_at} /> },
        {
          title: '',
          label: 'Compare',
          kind: 'fit',
          cell: ({ pipeline_version_id = '', display_name }) => {
            const other = before(pipeline_version_id);
            if (!other) return null;
            return (
              <LinkButton
                to="/pipelines/$pipelineId"
                params={{ pipelineId: pipeline }}
                search={{ version: pipeline_version_id, view: 'diff', with: other.pipeline_version_id }}
                kind="quiet"
                icon="diff"
                aria-label={`Compare ${display_name} with ${other.display_name}`}
              >
                Compare
              </LinkButton>
            );
          },
        },
      ]}
    />
  );
}
