import { useState } from 'react';
import { call } from '../../api/call.ts';
import { refresh } from '../../api/query.ts';
import { usePages } from '../../api/use-pages.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Field, Select, TextInput } from '../../ui/field.tsx';
import { DeleteButton } from './delete-button.tsx';
import { FormDialog } from './form-dialog.tsx';
import classes from './settings-page.module.css';
import { SettingsTable } from './settings-table.tsx';

const shownNamespace = (namespace: string | undefined): string =>
  namespace === '*' ? 'all namespaces' : namespace || 'the default namespace';

/** Who may do what, where. */
export function RolesSection() {
  const [isMaking, setMaking] = useState(false);
  const list = usePages('RoleBinding_List', {}, (page) => page.role_bindings ?? []);
  return (
    <>
      <div className={classes['intro']}>
        <p>A viewer sees everything in a namespace, an editor also starts and changes, an administrator also gives roles.</p>
        <Button kind="primary" icon="plus" onClick={() => setMaking(true)}>
          Give a role
        </Button>
      </div>
      <SettingsTable
        label="Roles"
        list={list}
        rowKey={({ role_binding_id = '' }) => role_binding_id}
        empty="Nobody has been given a role here."
        columns={[
          {
            title: 'Who',
            kind: 'main',
            cell: ({ subject, subject_kind }) => (
              <>
                {subject} {subject_kind === 'group' && <Badge>group</Badge>}
              </>
            ),
          },
          { title: 'Role', kind: 'fit', cell: ({ role }) => <Badge kind="accent">{role}</Badge> },
          { title: 'Where', cell: ({ namespace }) => shownNamespace(namespace) },
          {
            title: '',
            label: 'Delete',
            kind: 'fit',
            cell: ({ role_binding_id = '', role, subject }) => (
              <DeleteButton
                what={`the role ${role} of ${subject}`}
                consequence="It ends with the next request."
                remove={async () => {
                  await call('RoleBinding_Delete', { params: { role_binding_id } });
                  await refresh('RoleBinding_List');
                }}
              />
            ),
          },
        ]}
      />
      {isMaking && <NewRoleDialog onClose={() => setMaking(false)} />}
    </>
  );
}

const KINDS = [
  { value: 'user', label: 'User' },
  { value: 'group', label: 'Group' },
] as const;
const ROLES = [
  { value: 'viewer', label: 'viewer' },
  { value: 'editor', label: 'editor' },
  { value: 'admin', label: 'admin' },
] as const;

function NewRoleDialog({ onClose }: { readonly onClose: () => void }) {
  const [kind, setKind] = useState('user');
  const [subject, setSubject] = useState('');
  const [role, setRole] = useState('viewer');
  const [namespace, setNamespace] = useState('');
  const save = async () => {
    await call('RoleBinding_Create', { body: { subject_kind: kind, subject, role, namespace } });
    await refresh('RoleBinding_List');
  };
  return (
    <FormDialog title="Give a role" action="Give" isReady={subject.trim() !== ''} save={save} onClose={onClose}>
      <Field label="To a">
        {(control) => <Select {...control} value={kind} options={KINDS} onChange={(event) => setKind(event.target.value)} />}
      </Field>
      <Field label="Name" hint="Of a user or group, which need not have logged in yet.">
        {(control) => <TextInput {...control} value={subject} onChange={(event) => setSubject(event.target.value)} />}
      </Field>
      <Field label="Role">
        {(control) => <Select {...control} value={role} options={ROLES} onChange={(event) => setRole(event.target.value)} />}
      </Field>
      <Field label="Namespace" hint="Empty: the default one. *: all.">
        {(control) => <TextInput {...control} value={namespace} onChange={(event) => setNamespace(event.target.value)} />}
      </Field>
    </FormDialog>
  );
}
