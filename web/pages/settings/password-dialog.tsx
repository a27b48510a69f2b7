import { useState } from 'react';
import { call } from '../../api/call.ts';
import { refresh } from '../../api/query.ts';
import { Field, TextInput } from '../../ui/field.tsx';
import { tellDone } from '../../ui/toast.tsx';
import { FormDialog } from './form-dialog.tsx';

export function PasswordDialog({ onClose }: { readonly onClose: () => void }) {
  const [before, setBefore] = useState('');
  const [after, setAfter] = useState('');
  const save = async () => {
    await call('Session_ChangePassword', { body: { old_password: before, new_password: after } });
    tellDone('The password was changed. Please log in again.');
    await refresh('Session_Get');
  };
  return (
    <FormDialog title="Change the password" action="Change" isReady={before !== '' && after !== ''} save={save} onClose={onClose}>
      <Field label="Present password">
        {(control) => (
          <TextInput
            {...control}
            autoFocus
            type="password"
            autoComplete="current-password"
            value={before}
            onChange={(event) => setBefore(event.target.value)}
          />
        )}
      </Field>
      <Field label="New password" hint="All sessions end, this one too.">
        {(control) => (
          <TextInput
            {...control}
            type="password"
            autoComplete="new-password"
            value={after}
            onChange={(event) => setAfter(event.target.value)}
          />
        )}
      </Field>
    </FormDialog>
  );
}
