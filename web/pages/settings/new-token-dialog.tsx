import { useState } from 'react';
import { call } from '../../api/call.ts';
import type { Access } from '../../api/operations.ts';
import { refresh } from '../../api/query.ts';
import { Field, Select, TextInput } from '../../ui/field.tsx';
import { FormDialog } from './form-dialog.tsx';

const ROLES = [
  { value: '', label: 'What you may' },
  { value: 'editor', label: 'At most editor: start and change' },
  { value: 'viewer', label: 'At most viewer: look only' },
] as const;

const LIFETIMES = [
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: 'a year' },
  { value: '', label: 'no end' },
] as const;

const DAY_MS = 86_400_000;

interface NewTokenDialogProps {
  readonly onMade: (token: Access<'ApiToken'>) => void;
  readonly onClose: () => void;
}

export function NewTokenDialog({ onMade, onClose }: NewTokenDialogProps) {
  const [name, setName] = useState('');
  const [role, setRole] = useState('');
  const [days, setDays] = useState('90');
  const save = async () => {
    const expires_at = days === '' ? undefined : new Date(Date.now() + Number(days) * DAY_MS).toISOString();
    onMade(await call('ApiToken_Create', { body: { name, role: role || undefined, expires_at } }));
    await refresh('ApiToken_List');
  };
  return (
    <FormDialog title="New API token" action="Make the token" isReady={name.trim() !== ''} save={save} onClose={onClose}>
      <Field label="Name" hint="What it is for: ci, notebook.">
        {(control) => <TextInput {...control} autoFocus value={name} onChange={(event) => setName(event.target.value)} />}
      </Field>
      <Field label="It may do">
        {(control) => <Select {...control} value={role} options={ROLES} onChange={(event) => setRole(event.target.value)} />}
      </Field>
      <Field label="It is good for">
        {(control) => <Select {...control} value={days} options={LIFETIMES} onChange={(event) => setDays(event.target.value)} />}
      </Field>
    </FormDialog>
  );
}
