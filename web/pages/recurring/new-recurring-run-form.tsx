import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { call } from '../../api/call.ts';
import { currentNamespace } from '../../api/namespace.ts';
import type { Native } from '../../api/operations.ts';
import { refresh } from '../../api/query.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorMessage } from '../../ui/feedback.tsx';
import { Checkbox, Field, Select, TextInput } from '../../ui/field.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ExperimentPicker } from '../new-run/experiment-picker.tsx';
import { ParameterForm, useParameterForm } from '../new-run/parameter-form.tsx';
import { DEFAULT_SCHEDULE, ScheduleField, triggerOf } from './schedule-field.tsx';
import classes from '../new-run/new-run-form.module.css';

interface NewRecurringRunFormProps {
  readonly inputs: Native<'PipelineInputs'>;
  readonly title: string;
  readonly pipeline: string;
  readonly version: string;
  readonly experiment: string | undefined;
}

const CONCURRENCIES = Array.from({ length: 10 }, (_, index) => ({ value: String(index + 1), label: String(index + 1) }));

export function NewRecurringRunForm(props: NewRecurringRunFormProps) {
  const { inputs, title, pipeline, version } = props;
  const navigate = useNavigate();
  const form = useParameterForm(inputs, {});
  const [name, setName] = useState(`${title}, scheduled`);
  const [experiment, setExperiment] = useState(props.experiment);
  const [schedule, setSchedule] = useState(DEFAULT_SCHEDULE);
  const [concurrency, setConcurrency] = useState('1');
  const [isCatchingUp, setCatchingUp] = useState(false);
  const create = useMutation({
    mutationFn: async () =>
      await call('RecurringRunService_CreateRecurringRun', {
        body: {
          display_name: name,
          pipeline_version_reference: { pipeline_id: pipeline, pipeline_version_id: version },
          runtime_config: { parameters: form.values },
          trigger: triggerOf(schedule),
          max_concurrency: concurrency,
          no_catchup: !isCatchingUp,
          mode: 'ENABLE',
          experiment_id: experiment,
          namespace: currentNamespace(),
        },
      }),
    onSuccess: async ({ recurring_run_id = '' }) => {
      void refresh('RecurringRunService_ListRecurringRuns');
      await navigate({ to: '/recurring/$recurringRunId', params: { recurringRunId: recurring_run_id } });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (form.check()) create.mutate();
    else document.querySelector<HTMLElement>('[aria-invalid]')?.focus();
  };
  return (
    <form onSubmit={submit} noValidate className={classes['form']}>
      <div className={classes['row']}>
        <Field label="Name">
          {(control) => <TextInput {...control} required value={name} onChange={(event) => setName(event.target.value)} />}
        </Field>
        <ExperimentPicker value={experiment} onChange={setExperiment} />
      </div>
      <Panel title="Schedule">
        <ScheduleField schedule={schedule} onChange={setSchedule} />
      </Panel>
      <div className={classes['row']}>
        <Checkbox
          label="Make up for missed times"
          hint="When the server was down, start a run for each time that has passed."
          isChecked={isCatchingUp}
          onChange={setCatchingUp}
        />
        <Field label="Runs at the same time, at most">
          {(control) => (
            <Select
              {...control}
              value={concurrency}
              options={CONCURRENCIES}
              onChange={(event) => setConcurrency(event.target.value)}
            />
          )}
        </Field>
      </div>
      <ParameterForm form={form} />
      {create.error && <ErrorMessage error={create.error} title="The recurring run was not created" />}
      <div className={classes['end']}>
        <Button type="submit" kind="primary" icon="clock" disabled={create.isPending || name.trim() === ''}>
          Create
        </Button>
      </div>
    </form>
  );
}
