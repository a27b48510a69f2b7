import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { call } from '../../api/call.ts';
import { currentNamespace } from '../../api/namespace.ts';
import type { Native, V2 } from '../../api/operations.ts';
import { refresh } from '../../api/query.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { ErrorMessage } from '../../ui/feedback.tsx';
import { Checkbox, Field, Select, TextInput } from '../../ui/field.tsx';
import { Panel } from '../../ui/panel.tsx';
import { tellError } from '../../ui/toast.tsx';
import { ExperimentPicker } from '../new-run/experiment-picker.tsx';
import { ParameterForm, useParameterForm } from '../new-run/parameter-form.tsx';
import type { Values } from '../new-run/parameter-values.ts';
import type { RecurringPipeline } from './recurring-source.ts';
import { DEFAULT_SCHEDULE, scheduleOf, triggerOf } from './schedule.ts';
import { ScheduleField } from './schedule-field.tsx';
import classes from '../new-run/new-run-form.module.css';

interface NewRecurringRunFormProps {
  readonly inputs: Native<'PipelineInputs'>;
  readonly title: string;
  readonly pipeline: RecurringPipeline;
  readonly experiment: string | undefined;
  /** What the form starts with. */
  readonly like: V2<'RecurringRun'> | undefined;
  /** `like` is deleted when the new one is there: the API has no operation that changes a recurring run. */
  readonly isReplacing: boolean;
}

const CONCURRENCIES = Array.from({ length: 10 }, (_, index) => ({ value: String(index + 1), label: String(index + 1) }));

export function NewRecurringRunForm(props: NewRecurringRunFormProps) {
  const { inputs, pipeline, like, isReplacing } = props;
  const navigate = useNavigate();
  const form = useParameterForm(inputs, (like?.runtime_config?.parameters ?? {}) as Values);
  const [name, setName] = useState(initialName(props));
  const [experiment, setExperiment] = useState(props.experiment ?? like?.experiment_id);
  const [schedule, setSchedule] = useState(like?.trigger ? scheduleOf(like.trigger) : DEFAULT_SCHEDULE);
  const [concurrency, setConcurrency] = useState(like?.max_concurrency ?? '1');
  const [isCatchingUp, setCatchingUp] = useState(like !== undefined && !like.no_catchup);
  const [isAsked, setAsked] = useState(false);
  const create = useMutation({
    mutationFn: async () => {
      const body = {
        description: like?.description,
        service_account: like?.service_account,
        plugins_input: like?.plugins_input,
        display_name: name,
        ...pipeline,
        runtime_config: { ...like?.runtime_config, parameters: form.values },
        trigger: triggerOf(schedule),
        max_concurrency: concurrency,
        no_catchup: !isCatchingUp,
        mode: isReplacing && like?.status !== 'ENABLED' ? ('DISABLE' as const) : ('ENABLE' as const),
        experiment_id: experiment,
        namespace: currentNamespace(),
      };
      const made = await call('RecurringRunService_CreateRecurringRun', { body });
      if (isReplacing && like) await removeOld(like);
      return made;
    },
    onSuccess: async ({ recurring_run_id = '' }) => {
      void refresh('RecurringRunService_ListRecurringRuns');
      await navigate({ to: '/recurring/$recurringRunId', params: { recurringRunId: recurring_run_id } });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (form.check()) {
      if (isReplacing) setAsked(true);
      else create.mutate();
    } else document.querySelector<HTMLElement>('[aria-invalid]')?.focus();
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
          {isReplacing ? 'Save' : 'Create'}
        </Button>
      </div>
      {isAsked && (
        <Confirm
          title={`Replace ${like?.display_name}?`}
          action="Replace"
          onConfirm={() => create.mutate()}
          onClose={() => setAsked(false)}
        >
          A new recurring run with these settings takes its place. The runs it has started stay, under its old identifier.
        </Confirm>
      )}
    </form>
  );
}

function initialName({ like, isReplacing, title }: NewRecurringRunFormProps): string {
  if (!like) return `${title}, scheduled`;
  return isReplacing ? (like.display_name ?? '') : `Clone of ${like.display_name}`;
}

/** The new one is there by then: that the old one still is has to be said, and is no reason to stay on the form. */
async function removeOld({ recurring_run_id = '', display_name }: V2<'RecurringRun'>): Promise<void> {
  try {
    await call('RecurringRunService_DeleteRecurringRun', { params: { recurring_run_id } });
  } catch (error) {
    tellError(`${display_name} as it was before is still there; delete it by hand`, error);
  }
}
