import { useSearch } from '@tanstack/react-router';
import { useMay, useSession } from '../../api/session.ts';
import { Page } from '../../ui/page.tsx';
import { Tab, Tabs } from '../../ui/tabs.tsx';
import { AuditSection } from './audit-section.tsx';
import { GeneralSection } from './general-section.tsx';
import { RolesSection } from './roles-section.tsx';
import { TokensSection } from './tokens-section.tsx';
import { UsersSection } from './users-section.tsx';
import classes from './settings-page.module.css';

/** Theme and system for everybody; tokens, users, roles and the audit log where there is a login. */
export function SettingsPage() {
  const { section = 'general' } = useSearch({ from: '/settings' });
  const may = useMay();
  const session = useSession();
  const hasLogin = session?.is_login_required === true;
  const sections = [
    { name: 'general', title: 'General', content: GeneralSection, isOffered: true },
    { name: 'tokens', title: 'API tokens', content: TokensSection, isOffered: hasLogin },
    { name: 'users', title: 'Users', content: UsersSection, isOffered: hasLogin && may('User_List') },
    { name: 'roles', title: 'Roles', content: RolesSection, isOffered: hasLogin && may('RoleBinding_List') },
    { name: 'audit', title: 'Audit log', content: AuditSection, isOffered: may('AuditEntry_List') && hasLogin },
  ].filter(({ isOffered }) => isOffered);
  const shown = sections.find(({ name }) => name === section) ?? sections[0]!;
  const Content = shown.content;
  return (
    <Page
      title="Settings"
      bar={
        <Tabs label="Settings">
          {sections.map(({ name, title }) => (
            <Tab
              key={name}
              to="/settings"
              search={{ section: name === 'general' ? undefined : name }}
              isCurrent={name === shown.name}
            >
              {title}
            </Tab>
          ))}
        </Tabs>
      }
    >
      <div className={classes['section']}>
        <Content />
      </div>
    </Page>
  );
}
