import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ask } from '../../api/query.ts';
import { currentNamespace } from '../../api/namespace.ts';
import { useSession } from '../../api/session.ts';
import { urlOf } from '../../api/call.ts';
import { setTheme, type Theme, useTheme } from '../../theme/theme.ts';
import { Button } from '../../ui/button.tsx';
import { SkeletonRows } from '../../ui/feedback.tsx';
import { Facts, Panel } from '../../ui/panel.tsx';
import { Segments } from '../../ui/segments.tsx';
import { Time } from '../../ui/time.tsx';
import { SystemFacts } from '../home/system-facts.tsx';
import { LoadSection } from './load-section.tsx';
import { PasswordDialog } from './password-dialog.tsx';
import classes from './settings-page.module.css';

const THEME_OPTIONS = [
  { value: 'system', label: 'As the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const;

const DIALECTS = ['v2beta1', 'v1beta1', 'v1'] as const;

export function GeneralSection() {
  const theme = useTheme();
  const session = useSession();
  const [isChanging, setChanging] = useState(false);
  const system = useQuery(ask('System_Get'));
  const roles = (session?.roles ?? []).map(
    ({ role, namespace }) => `${role} ${namespace === '*' ? 'everywhere' : `in ${namespace || 'the default namespace'}`}`,
  );
  if (system.isPending || session === undefined) return <SkeletonRows count={8} label="Loading the settings" />;
  return (
    <div className={classes['stack']}>
      <Panel title="Theme">
        <Segments label="Theme" value={theme} options={THEME_OPTIONS} onChange={(value) => setTheme(value as Theme)} />
      </Panel>
      <Panel title="You">
        <Facts
          rows={[
            ['Name', session?.is_login_required ? session.user_name : 'There is no login on this server.'],
            ['Known by', session?.is_login_required ? session.via : undefined],
            ['Roles', roles.join(', ')],
            ['Namespace', currentNamespace() || undefined],
            ['Session ends', session?.expires_at && <Time at={session.expires_at} />],
          ]}
        />
        {session?.via === 'session' && session.login_methods?.includes('password') && (
          <Button icon="lock" onClick={() => setChanging(true)}>
            Change the password
          </Button>
        )}
      </Panel>
      <SystemFacts />
      <LoadSection />
      <Panel title="Storage">
        <Facts
          rows={[
            ['Database', system.data?.store],
            ['Artifacts', system.data?.artifact_store],
            [
              'OpenAPI',
              <span key="openapi">
                {DIALECTS.map((dialect) => (
                  <span key={dialect}>
                    <a href={urlOf('OpenApi_Get', { params: { dialect } })}>
                      <u>{dialect}</u>
                    </a>{' '}
                  </span>
                ))}
              </span>,
            ],
          ]}
        />
      </Panel>
      {isChanging && <PasswordDialog onClose={() => setChanging(false)} />}
    </div>
  );
}
