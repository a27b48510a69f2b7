import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import type { Native } from '../../api/operations.ts';
import { refresh } from '../../api/query.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorMessage } from '../../ui/feedback.tsx';
import { Checkbox, Field, TextInput } from '../../ui/field.tsx';
import { ExperimentPicker } from './experiment-picker.tsx';
import { ParameterForm, useParameterForm } from './parameter-form.tsx';
import type { Values } from './parameter-values.ts';
import type { Starter } from './start-run.ts';
import classes from './new-run-form.module.css';

interface NewRunFormProps {
  readonly inputs: Native<'PipelineInputs'>;
  readonly given: Values;
  /** Of the pipeline, or of the run it is like. */
  readonly title: string;
  readonly starter: Starter;
  readonly experiment: string | undefined;
}

/** Everything about a new run besides its pipeline. */
export function NewRunForm({ inputs, given, title, starter, experiment: initialExperiment }: NewRunFormProps) {
  const navigate = useNavigate();
  const form = useParameterForm(inputs, given);
  const [name, setName] = useState(() => nameFor(title));
  const [description, setDescription] = useState('');
  const [experiment, setExperiment] = useState(initialExperiment);
  const [pipelineRoot, setPipelineRoot] = useState('');
  const [isCacheOff, setCacheOff] = useState(false);
  const start = useMutation({
    mutationFn: async () =>
      await starter.start({ name, description, experiment, parameters: form.values, pipelineRoot, isCacheOff }),
    onSuccess: async (runId) => {
      void refresh('Run_List', 'System_Get', 'PipelineService_ListPipelines', 'Version_GetInputs');
      await navigate({ to: '/runs/$runId', params: { runId } });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (form.check()) start.mutate();
    else document.querySelector<HTMLElement>('[aria-invalid]')?.focus();
  };
  const invalid = Object.keys(form.errors).length;
  return (
    <form onSubmit={submit} noValidate className={classes['form']}>
      <div className={classes['row']}>
        <Field label="Name of the run">
          {(control) => <TextInput {...control} required value={name} onChange={(event) => setName(event.target.value)} />}
        </Field>
        <ExperimentPicker value={experiment} onChange={setExperiment} />
      </div>
      <ParameterForm form={form} />
      {starter.kind === 'clone' ? (
        <Checkbox
          label="Run every step anew"
          hint="Otherwise steps whose inputs have not changed are taken from the cache."
          isChecked={isCacheOff}
          onChange={setCacheOff}
        />
      ) : (
        <details className={classes['more']}>
          <summary>More settings</summary>
          <div className={classes['moreFields']}>
            <Field label="Description">
              {(control) => (
                <TextInput {...control} value={description} onChange={(event) => setDescription(event.target.value)} />
              )}
            </Field>
            <Field label="Pipeline root" hint="Where artifacts are kept; empty: where the pipeline or the server says.">
              {(control) => (
                <TextInput {...control} value={pipelineRoot} onChange={(event) => setPipelineRoot(event.target.value)} />
              )}
            </Field>
          </div>
        </details>
      )}
      {start.error && <ErrorMessage error={start.error} title="The run was not started" />}
      <div className={classes['end']}>
        <Button type="submit" kind="primary" icon="runs" disabled={start.isPending || name.trim() === ''}>
          {start.isPending ? 'Starting…' : 'Start the run'}
        </Button>
        {invalid > 0 && (
          <span role="status" className={classes['invalid']}>
            {invalid === 1 ? 'One input needs attention.' : `${invalid} inputs need attention.`}
          </span>
        )}
      </div>
    </form>
  );
}

/** `penguins, 24 Nov 14:03`; of a name that ends like that only the first part is kept. */
function nameFor(title: string): string {
  const now = new Date()
    .toLocaleString('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' })
    .replace(',', '');
  return `${title.replace(/, \d{1,2} \p{L}+ \d\d:\d\d$/u, '')}, ${now}`;
}
