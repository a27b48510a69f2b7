import { useState } from 'react';
import { call } from '../../api/call.ts';
import { refresh } from '../../api/query.ts';
import { useSession } from '../../api/session.ts';
import { usePages } from '../../api/use-pages.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { Time } from '../../ui/time.tsx';
import { DeleteButton } from './delete-button.tsx';
import { FormDialog } from './form-dialog.tsx';
import classes from './settings-page.module.css';
import { SettingsTable } from './settings-table.tsx';

/** Everybody who may log in, or has done so. */
export function UsersSection() {
  const [isMaking, setMaking] = useState(false);
  const session = useSession();
  const list = usePages('User_List', {}, (page) => page.users ?? []);
  return (
    <>
      <div className={classes['intro']}>
        <p>
          Users of an OpenID provider or a trusted proxy appear when they log in first. A user can do nothing until given a role.
        </p>
        <Button kind="primary" icon="plus" onClick={() => setMaking(true)}>
          New user
        </Button>
      </div>
      <SettingsTable
        label="Users"
        list={list}
        rowKey={({ name = '' }) => name}
        empty="No users yet."
        columns={[
          { title: 'Name', kind: 'main', cell: ({ name }) => name },
          { title: 'From', kind: 'fit', cell: ({ origin }) => <Badge>{origin}</Badge> },
          { title: 'Groups', isSecondary: true, cell: ({ groups }) => groups?.join(', ') },
          { title: 'Since', kind: 'fit', cell: ({ created_at }) => <Time at={created_at} /> },
          {
            title: '',
            label: 'Delete',
            kind: 'fit',
            cell: ({ name = '' }) =>
              name !== session?.user_name && (
                <DeleteButton
                  what={`the user ${name}`}
                  consequence="Sessions, tokens and roles go too. What the user made stays."
                  remove={async () => {
                    await call('User_Delete', { params: { name } });
                    await refresh('User_List');
                  }}
                />
              ),
          },
        ]}
      />
      {isMaking && <NewUserDialog onClose={() => setMaking(false)} />}
    </>
  );
}

function NewUserDialog({ onClose }: { readonly onClose: () => void }) {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const save = async () => {
    await call('User_Create', { body: { name, password } });
    await refresh('User_List');
  };
  return (
    <FormDialog title="New user" action="Create" isReady={name.trim() !== '' && password !== ''} save={save} onClose={onClose}>
      <Field label="Name">
        {(control) => <TextInput {...control} autoFocus value={name} onChange={(event) => setName(event.target.value)} />}
      </Field>
      <Field label="Password" hint="The user can change it after logging in.">
        {(control) => (
          <TextInput
            {...control}
            type="password"
            autoComplete="new-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        )}
      </Field>
    </FormDialog>
  );
}
