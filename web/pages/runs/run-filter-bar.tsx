import { useQuery } from '@tanstack/react-query';
import { ask } from '../../api/query.ts';
import { RUN_SORTS, type RunFilters } from '../../api/run-list-input.ts';
import { formatCount } from '../../base/format.ts';
import { TextInput } from '../../ui/field.tsx';
import { Menu } from '../../ui/menu.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { Segments } from '../../ui/segments.tsx';
import { FilterChip } from './filter-chip.tsx';
import bar from '../../ui/list-page.module.css';
import classes from './run-filter-bar.module.css';

interface RunFilterBarProps {
  readonly filters: RunFilters;
  readonly total: number;
  readonly onChange: (change: RunFilters) => void;
}

const STATES = [
  { value: '', label: 'All' },
  { value: 'PENDING,RUNNING,PAUSED,CANCELING', label: 'Running' },
  { value: 'SUCCEEDED', label: 'Succeeded' },
  { value: 'FAILED', label: 'Failed' },
  { value: 'CANCELED', label: 'Canceled' },
] as const;

/** What narrows a list of runs; every change is a change of the address. */
export function RunFilterBar({ filters, total, onChange }: RunFilterBarProps) {
  const { q = '', state = '', archived, sort = '', until = '', experiment, pipeline, recurring } = filters;
  return (
    <>
      <SearchField label="Filter runs by name" value={q} onChange={(text) => onChange({ q: text })} />
      <Segments
        label="State"
        value={STATES.some(({ value }) => value === state) ? state : state === 'RUNNING' ? STATES[1].value : state}
        options={STATES}
        onChange={(value) => onChange({ state: value })}
      />
      {pipeline && <PipelineChip id={pipeline} onRemove={() => onChange({ pipeline: undefined })} />}
      {experiment && <ExperimentChip id={experiment} onRemove={() => onChange({ experiment: undefined })} />}
      {recurring && (
        <FilterChip label="Recurring run" value={recurring.slice(0, 8)} onRemove={() => onChange({ recurring: undefined })} />
      )}
      {archived && <FilterChip label="Archived" value="" onRemove={() => onChange({ archived: undefined })} />}
      <span className={bar['end']}>
        <label className={classes['until']}>
          <span>Until</span>
          <TextInput
            type="date"
            aria-label="Created until"
            value={until}
            onChange={(event) => onChange({ until: event.target.value || undefined })}
          />
        </label>
        <span className={bar['count']} aria-live="polite">
          {formatCount(total)}
        </span>
        <Menu
          label="View"
          icon="filter"
          button="View"
          items={[
            ...RUN_SORTS.map(({ value, label }) => ({
              label,
              isChecked: value === sort,
              onSelect: () => onChange({ sort: value }),
            })),
            {
              label: archived ? 'Hide archived runs' : 'Show archived runs',
              icon: 'archive',
              onSelect: () => onChange({ archived: archived ? undefined : 'true' }),
            },
          ]}
        />
      </span>
    </>
  );
}

function PipelineChip({ id, onRemove }: { readonly id: string; readonly onRemove: () => void }) {
  const { data } = useQuery(ask('PipelineService_GetPipeline', { params: { pipeline_id: id } }));
  return <FilterChip label="Pipeline" value={data?.display_name ?? '…'} onRemove={onRemove} />;
}

function ExperimentChip({ id, onRemove }: { readonly id: string; readonly onRemove: () => void }) {
  const { data } = useQuery(ask('ExperimentService_GetExperiment', { params: { experiment_id: id } }));
  return <FilterChip label="Experiment" value={data?.display_name ?? '…'} onRemove={onRemove} />;
}
