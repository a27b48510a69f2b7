import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { V2 } from '../../api/operations.ts';
import { usePages } from '../../api/use-pages.ts';
import { useMay } from '../../api/session.ts';
import { filterText } from '../../api/filter.ts';
import { useHotkeys } from '../../base/use-hotkeys.ts';
import { LinkButton } from '../../ui/button.tsx';
import { createdColumn } from '../../ui/columns.tsx';
import { Empty } from '../../ui/feedback.tsx';
import { ListPage } from '../../ui/list-page.tsx';
import type { VirtualColumn } from '../../ui/virtual-table.tsx';
import classes from '../runs/run-table.module.css';

/** All pipelines. */
export function PipelinesPage() {
  const { q = '' } = useSearch({ from: '/pipelines' });
  const navigate = useNavigate({ from: '/pipelines' });
  const may = useMay();
  const list = usePages(
    'PipelineService_ListPipelines',
    { query: { sort_by: 'created_at desc', filter: q ? filterText([['display_name', 'IS_SUBSTRING', q]]) : undefined } },
    (page) => page.pipelines ?? [],
  );
  const mayUpload = may('UploadPipeline');
  useHotkeys({ n: () => mayUpload && void navigate({ to: '/pipelines/new' }) });
  const upload = mayUpload && (
    <LinkButton to="/pipelines/new" kind="primary" icon="upload" keys="n">
      Upload
    </LinkButton>
  );
  const columns = may('RunService_CreateRun') ? [...COLUMNS, RUN_COLUMN] : COLUMNS;
  return (
    <ListPage
      title="Pipelines"
      actions={upload}
      search={q}
      onSearch={(text) => void navigate({ search: { q: text }, replace: true })}
      list={list}
      columns={columns}
      rowKey={({ pipeline_id }) => pipeline_id ?? ''}
      empty={
        q ? (
          <Empty icon="search" title={`No pipeline is called “${q}”`} />
        ) : (
          <Empty icon="pipelines" title="No pipelines yet" actions={upload}>
            Upload a compiled file here, with the command line, or with any kfp client.
          </Empty>
        )
      }
    />
  );
}

const COLUMNS: readonly VirtualColumn<V2<'Pipeline'>>[] = [
  {
    title: 'Pipeline',
    width: 'minmax(0, 1.4fr)',
    cell: ({ pipeline_id = '', display_name }) => (
      <Link to="/pipelines/$pipelineId" params={{ pipelineId: pipeline_id }} className={classes['name']}>
        {display_name}
      </Link>
    ),
  },
  {
    title: 'Description',
    width: 'minmax(0, 2fr)',
    isSecondary: true,
    cell: ({ description }) => <span className={classes['muted']}>{description}</span>,
  },
  createdColumn(),
];

const RUN_COLUMN: VirtualColumn<V2<'Pipeline'>> = {
  title: 'Run',
  width: '72px',
  isNumber: true,
  cell: ({ pipeline_id, display_name }) => (
    <LinkButton to="/runs/new" search={{ pipeline: pipeline_id }} kind="quiet" icon="runs" aria-label={`Run ${display_name}`}>
      Run
    </LinkButton>
  ),
};
