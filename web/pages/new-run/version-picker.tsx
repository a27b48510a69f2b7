import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { filterText } from '../../api/filter.ts';
import { ask } from '../../api/query.ts';
import { Combobox } from '../../ui/combobox.tsx';
import { Field, Select } from '../../ui/field.tsx';
import classes from './version-picker.module.css';

const SHOWN = 50;

export interface VersionChoice {
  readonly pipeline?: string | undefined;
  readonly version?: string | undefined;
}

/** Chooses a pipeline and one of its versions; the newest unless another is chosen. */
export function VersionPicker({
  choice,
  onChange,
}: {
  readonly choice: VersionChoice;
  readonly onChange: (choice: VersionChoice) => void;
}) {
  const { pipeline } = choice;
  const [text, setText] = useState('');
  const found = useQuery({
    ...ask('PipelineService_ListPipelines', {
      query: {
        page_size: SHOWN,
        sort_by: 'created_at desc',
        filter: text ? filterText([['display_name', 'IS_SUBSTRING', text]]) : undefined,
      },
    }),
    placeholderData: keepPreviousData,
  });
  const chosen = useQuery({
    ...ask('PipelineService_GetPipeline', { params: { pipeline_id: pipeline ?? '' } }),
    enabled: pipeline !== undefined,
  });
  const versions = useVersions(pipeline);
  return (
    <div className={classes['row']}>
      <Field label="Pipeline">
        {(control) => (
          <Combobox
            control={control}
            text={pipeline === undefined ? '' : (chosen.data?.display_name ?? '')}
            placeholder="Choose a pipeline"
            options={(found.data?.pipelines ?? []).map(({ pipeline_id = '', display_name = '' }) => ({
              value: pipeline_id,
              label: display_name,
            }))}
            onQuery={setText}
            onSelect={(id) => onChange({ pipeline: id })}
          />
        )}
      </Field>
      <Field label="Version">
        {(control) => (
          <Select
            {...control}
            disabled={pipeline === undefined}
            value={choice.version ?? versions[0]?.pipeline_version_id ?? ''}
            options={versions.map(({ pipeline_version_id = '', display_name = '' }) => ({
              value: pipeline_version_id,
              label: display_name,
            }))}
            onChange={(event) => onChange({ pipeline, version: event.target.value })}
          />
        )}
      </Field>
    </div>
  );
}

/** The versions of a pipeline, the newest first. */
export function useVersions(pipeline: string | undefined) {
  const { data } = useQuery({
    ...ask('PipelineService_ListPipelineVersions', {
      params: { pipeline_id: pipeline ?? '' },
      query: { page_size: 100, sort_by: 'created_at desc' },
    }),
    enabled: pipeline !== undefined,
  });
  return data?.pipeline_versions ?? [];
}
