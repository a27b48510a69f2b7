import { useState } from 'react';
import { call } from '../../api/call.ts';
import type { Access } from '../../api/operations.ts';
import { refresh } from '../../api/query.ts';
import { usePages } from '../../api/use-pages.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Time } from '../../ui/time.tsx';
import { DeleteButton } from './delete-button.tsx';
import { NewTokenDialog } from './new-token-dialog.tsx';
import classes from './settings-page.module.css';
import { SettingsTable } from './settings-table.tsx';

/** One's own API tokens. */
export function TokensSection() {
  const [isMaking, setMaking] = useState(false);
  const [made, setMade] = useState<Access<'ApiToken'>>();
  const list = usePages('ApiToken_List', {}, (page) => page.tokens ?? []);
  return (
    <>
      <div className={classes['intro']}>
        <p>Programs use the API with a token: kfp clients, the command line, scripts. A token can do at most what you can.</p>
        <Button kind="primary" icon="key" onClick={() => setMaking(true)}>
          New token
        </Button>
      </div>
      <SettingsTable
        label="API tokens"
        list={list}
        rowKey={({ token_id = '' }) => token_id}
        empty="No tokens yet."
        columns={[
          { title: 'Name', kind: 'main', cell: ({ name }) => name },
          { title: 'May', kind: 'fit', cell: ({ role }) => <Badge>{role || 'what you may'}</Badge> },
          { title: 'Last used', kind: 'fit', isSecondary: true, cell: ({ last_used_at }) => <Time at={last_used_at} /> },
          { title: 'Expires', kind: 'fit', cell: ({ expires_at }) => (expires_at ? <Time at={expires_at} /> : 'never') },
          {
            title: '',
            label: 'Delete',
            kind: 'fit',
            cell: ({ token_id = '', name }) => (
              <DeleteButton
                what={`the token ${name}`}
                consequence="Whatever uses it is refused from now on."
                remove={async () => {
                  await call('ApiToken_Delete', { params: { token_id } });
                  await refresh('ApiToken_List');
                }}
              />
            ),
          },
        ]}
      />
      {isMaking && <NewTokenDialog onMade={setMade} onClose={() => setMaking(false)} />}
      {made && (
        <Dialog title={`Token ${made.name}`} onClose={() => setMade(undefined)}>
          <p className="muted">It is shown this once. Keep it where passwords are kept.</p>
          <div className={classes['secret']}>
            <code>{made.token}</code>
            <CopyButton text={made.token ?? ''} label="Copy the token" />
          </div>
        </Dialog>
      )}
    </>
  );
}
