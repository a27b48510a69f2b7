import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { ARTIFACT_TYPES } from '../../../src/api/artifact-types.ts';
import { type Condition, filterText } from '../../api/filter.ts';
import type { Native } from '../../api/operations.ts';
import { usePages } from '../../api/use-pages.ts';
import { formatBytes } from '../../base/format.ts';
import { Badge } from '../../ui/badge.tsx';
import { createdColumn } from '../../ui/columns.tsx';
import { Empty } from '../../ui/feedback.tsx';
import { Select } from '../../ui/field.tsx';
import { ListPage } from '../../ui/list-page.tsx';
import type { VirtualColumn } from '../../ui/virtual-table.tsx';
import classes from '../runs/run-table.module.css';

/** What runs have made. */
export function ArtifactsPage() {
  const search = useSearch({ from: '/artifacts' });
  const { q = '', type = '' } = search;
  const navigate = useNavigate({ from: '/artifacts' });
  const conditions: Condition[] = [];
  if (q) conditions.push(['name', 'IS_SUBSTRING', q]);
  if (type) conditions.push(['type', 'EQUALS', type]);
  const list = usePages(
    'Artifact_List',
    { query: { sort_by: 'created_at desc', filter: filterText(conditions) } },
    (page) => page.artifacts ?? [],
  );
  return (
    <ListPage
      title="Artifacts"
      search={q}
      onSearch={(text) => void navigate({ search: { ...search, q: text }, replace: true })}
      filters={
        <Select
          aria-label="Type"
          value={type}
          options={[
            { value: '', label: 'All types' },
            ...ARTIFACT_TYPES.map((name) => ({ value: name, label: shortType(name) })),
          ]}
          onChange={(event) => void navigate({ search: { ...search, type: event.target.value }, replace: true })}
        />
      }
      list={list}
      columns={COLUMNS}
      rowKey={({ artifact_id }) => artifact_id ?? ''}
      empty={
        <Empty icon="artifacts" title={q || type ? 'No artifact fits the filters' : 'No artifacts yet'}>
          An artifact is a file or folder a step has written: a data set, a model, metrics, a report.
        </Empty>
      }
    />
  );
}

type Artifact = Native<'Artifact'>;

const shortType = (type: string | undefined): string => (type ?? 'Artifact').replace(/^system\./, '');

const COLUMNS: readonly VirtualColumn<Artifact>[] = [
  {
    title: 'Artifact',
    width: 'minmax(0, 1.4fr)',
    cell: ({ artifact_id = '', name }) => (
      <Link to="/artifacts/$artifactId" params={{ artifactId: artifact_id }} className={classes['name']}>
        {name || 'unnamed'}
      </Link>
    ),
  },
  { title: 'Type', width: 'minmax(110px, 0.7fr)', cell: ({ type_name }) => <Badge>{shortType(type_name)}</Badge> },
  {
    title: 'Made by',
    width: 'minmax(0, 1fr)',
    isSecondary: true,
    cell: ({ run_id, pipeline_name }) =>
      run_id ? (
        <Link to="/runs/$runId" params={{ runId: run_id }} className={classes['muted']}>
          {pipeline_name || 'run'}
        </Link>
      ) : (
        <span className={classes['muted']}>{pipeline_name}</span>
      ),
  },
  {
    title: 'Place',
    width: 'minmax(0, 1.6fr)',
    isSecondary: true,
    cell: ({ uri }) => (
      <span className={classes['muted']} title={uri}>
        {uri}
      </span>
    ),
  },
  { title: 'Size', width: '72px', isNumber: true, isSecondary: true, cell: ({ size_bytes }) => <Size bytes={size_bytes} /> },
  createdColumn(),
];

/** -1: not known, as of a database that is written to elsewhere. */
function Size({ bytes = '0' }: { readonly bytes: string | undefined }) {
  return Number(bytes) < 0 ? <span className="muted">–</span> : formatBytes(Number(bytes));
}
