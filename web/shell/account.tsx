import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { call } from '../api/call.ts';
import { currentNamespace, setNamespace } from '../api/namespace.ts';
import { useSession } from '../api/session.ts';
import { Icon } from '../ui/icon.tsx';
import { IconButton } from '../ui/button.tsx';
import { Select } from '../ui/field.tsx';
import { tellError } from '../ui/toast.tsx';
import classes from './account.module.css';

/** Who is logged in, and which namespace is shown. Nothing on a server without login. */
export function Account() {
  const session = useSession();
  const client = useQueryClient();
  const navigate = useNavigate();
  if (!session?.is_signed_in || !session.is_login_required) return null;
  const namespaces = [...new Set((session.roles ?? []).map(({ namespace = '' }) => namespace))].filter((name) => name !== '*');
  const isEverywhere = (session.roles ?? []).some(({ namespace }) => namespace === '*');
  const offered = [...new Set([...(isEverywhere ? [''] : []), ...namespaces, ...(isEverywhere ? [currentNamespace()] : [])])];
  // One that the reader no longer has a role in would show nothing.
  if (offered.length > 0 && !offered.includes(currentNamespace())) {
    setNamespace(offered[0]!);
  }
  const leave = async () => {
    const { provider_logout_url } = await call('Session_Delete');
    client.clear();
    if (provider_logout_url) location.assign(provider_logout_url);
    else await navigate({ to: '/login' });
  };
  return (
    <div className={classes['account']}>
      {offered.length > 1 && (
        <Select
          aria-label="Namespace"
          value={currentNamespace()}
          options={offered.map((name) => ({ value: name, label: name || 'default namespace' }))}
          onChange={(event) => {
            setNamespace(event.target.value);
            void client.resetQueries();
          }}
        />
      )}
      <div className={classes['user']}>
        <Icon name="user" />
        <span className="truncate" title={session.user_name}>
          {session.user_name}
        </span>
        {session.via === 'session' && (
          <IconButton
            icon="external"
            label="Log out"
            onClick={() => void leave().catch((error: unknown) => tellError('You are still logged in', error))}
          />
        )}
      </div>
    </div>
  );
}
