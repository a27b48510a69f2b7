import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type Condition, filterText } from '../../api/filter.ts';
import { ask } from '../../api/query.ts';
import { Combobox } from '../../ui/combobox.tsx';
import { Field } from '../../ui/field.tsx';

const SHOWN = 50;

/** Chooses the experiment a run belongs to; undefined is the default one. */
export function ExperimentPicker({
  value,
  onChange,
}: {
  readonly value: string | undefined;
  readonly onChange: (id: string) => void;
}) {
  const [text, setText] = useState('');
  const conditions: Condition[] = [['storage_state', 'EQUALS', 'AVAILABLE']];
  if (text) conditions.push(['name', 'IS_SUBSTRING', text]);
  const found = useQuery({
    ...ask('ExperimentService_ListExperiments', {
      query: { page_size: SHOWN, sort_by: 'last_run_created_at desc', filter: filterText(conditions) },
    }),
    placeholderData: keepPreviousData,
  });
  const chosen = useQuery({
    ...ask('ExperimentService_GetExperiment', { params: { experiment_id: value ?? '' } }),
    enabled: value !== undefined,
  });
  return (
    <Field label="Experiment">
      {(control) => (
        <Combobox
          control={control}
          text={value === undefined ? 'Default' : (chosen.data?.display_name ?? '')}
          placeholder="Choose an experiment"
          options={(found.data?.experiments ?? []).map(({ experiment_id = '', display_name = '' }) => ({
            value: experiment_id,
            label: display_name,
          }))}
          onQuery={setText}
          onSelect={onChange}
        />
      )}
    </Field>
  );
}
