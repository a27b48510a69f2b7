import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useId, useState } from 'react';
import { call } from '../../api/call.ts';
import { currentNamespace } from '../../api/namespace.ts';
import { refresh } from '../../api/query.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorMessage } from '../../ui/feedback.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import classes from '../pipelines/upload-page.module.css';

export function NewExperimentDialog({ onClose }: { readonly onClose: () => void }) {
  const formId = useId();
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const create = useMutation({
    mutationFn: async () => {
      const body = { display_name: name, description, namespace: currentNamespace() };
      return await call('ExperimentService_CreateExperiment', { body });
    },
    onSuccess: async ({ experiment_id = '' }) => {
      void refresh('ExperimentService_ListExperiments');
      await navigate({ to: '/experiments/$experimentId', params: { experimentId: experiment_id } });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate();
  };
  const actions = (
    <>
      <Button onClick={onClose}>Cancel</Button>
      <Button type="submit" form={formId} kind="primary" disabled={name.trim() === '' || create.isPending}>
        Create
      </Button>
    </>
  );
  return (
    <Dialog title="New experiment" onClose={onClose} actions={actions}>
      <form id={formId} onSubmit={submit} className={classes['form']}>
        <Field label="Name">
          {(control) => (
            <TextInput {...control} autoFocus required value={name} onChange={(event) => setName(event.target.value)} />
          )}
        </Field>
        <Field label="Description">
          {(control) => <TextInput {...control} value={description} onChange={(event) => setDescription(event.target.value)} />}
        </Field>
        {create.error && <ErrorMessage error={create.error} />}
      </form>
    </Dialog>
  );
}
