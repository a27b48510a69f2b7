import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { ask } from '../api/query.ts';
import { Checkbox } from '../ui/field.tsx';
import { Empty, ErrorMessage, SkeletonRows } from '../ui/feedback.tsx';
import { LinkButton } from '../ui/button.tsx';
import { Page } from '../ui/page.tsx';
import { Segments } from '../ui/segments.tsx';
import { CompareGraphs } from './compare-graphs.tsx';
import { CompareRows } from './compare-rows.tsx';
import { CompareTasks } from './compare-tasks.tsx';
import classes from './compare.module.css';

const MOST_RUNS = 10;
const VIEWS = [
  { value: 'overview', label: 'Parameters and metrics' },
  { value: 'tasks', label: 'Tasks' },
  { value: 'graphs', label: 'Graphs' },
];

/** Two to ten runs side by side, what differs first. */
export function ComparePage() {
  const search = useSearch({ from: '/compare' });
  const navigate = useNavigate({ from: '/compare' });
  const runIds = [...new Set((search.runs ?? '').split(',').filter(Boolean))];
  const isPossible = runIds.length >= 2 && runIds.length <= MOST_RUNS;
  const { data, error, refetch } = useQuery({ ...ask('Run_Compare', { query: { run_ids: runIds } }), enabled: isPossible });
  const view = search.view ?? 'overview';
  const isAll = search.all !== 'false';
  const change = (to: { readonly view?: string; readonly all?: string; readonly runs?: string }) =>
    void navigate({ search: { ...search, ...to }, replace: true });
  const without = (runId: string) => change({ runs: runIds.filter((id) => id !== runId).join(',') });
  return (
    <Page
      title={isPossible ? `Compare ${runIds.length} runs` : 'Compare runs'}
      parent={{ to: '/runs', title: 'Runs' }}
      layout={view === 'graphs' ? 'fill' : 'flow'}
      bar={
        isPossible && (
          <>
            <Segments
              label="View"
              value={view}
              options={VIEWS}
              onChange={(value) => change({ view: value === 'overview' ? undefined : value })}
            />
            {view !== 'graphs' && (
              <Checkbox
                label="Show what is the same"
                isChecked={isAll}
                onChange={(checked) => change({ all: checked ? undefined : 'false' })}
              />
            )}
          </>
        )
      }
    >
      {!isPossible ? (
        <Empty
          icon="compare"
          title={runIds.length > MOST_RUNS ? `Up to ${MOST_RUNS} runs can be compared` : 'Choose two runs or more'}
          actions={<LinkButton to="/runs">Choose runs</LinkButton>}
        >
          Select runs in the list and choose Compare: parameters, metrics and graphs are shown side by side.
        </Empty>
      ) : error ? (
        <ErrorMessage title="The runs cannot be compared" error={error} retry={() => void refetch()} />
      ) : !data ? (
        <SkeletonRows />
      ) : view === 'graphs' ? (
        <CompareGraphs comparison={data} />
      ) : view === 'tasks' ? (
        <CompareTasks comparison={data} isAll={isAll} onRemove={without} />
      ) : (
        <div className={classes['stack']}>
          <CompareRows comparison={data} title="Parameters" rows={data.parameters ?? []} isAll={isAll} onRemove={without} />
          <CompareRows comparison={data} title="Metrics" rows={data.metrics ?? []} isAll={isAll} isMetric onRemove={without} />
        </div>
      )}
    </Page>
  );
}
