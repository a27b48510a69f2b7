import { usePages } from '../../api/use-pages.ts';
import { Time } from '../../ui/time.tsx';
import classes from './settings-page.module.css';
import { SettingsTable } from './settings-table.tsx';

/** What was changed by whom. */
export function AuditSection() {
  const list = usePages('AuditEntry_List', {}, (page) => page.entries ?? []);
  return (
    <>
      <div className={classes['intro']}>
        <p>Every change that was asked for, and how it was answered, the newest first.</p>
      </div>
      <SettingsTable
        label="Audit log"
        list={list}
        rowKey={({ entry_id = '' }) => entry_id}
        empty="Nothing has been changed yet."
        columns={[
          { title: 'When', kind: 'fit', cell: ({ created_at }) => <Time at={created_at} /> },
          { title: 'Who', kind: 'fit', cell: ({ user_name }) => user_name },
          { title: 'What', cell: ({ route_id }) => route_id },
          { title: 'On', isSecondary: true, cell: ({ resource }) => <code className="muted">{resource}</code> },
          { title: 'Known by', kind: 'fit', isSecondary: true, cell: ({ via, address }) => <span title={address}>{via}</span> },
          { title: 'Answer', kind: 'number', cell: ({ status }) => status },
        ]}
      />
    </>
  );
}
