import { useMutation } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { call, urlOf } from '../../api/call.ts';
import { queryClient } from '../../api/query.ts';
import { useSession } from '../../api/session.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorMessage } from '../../ui/feedback.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import classes from './login-page.module.css';

/** Lets people in: by password, by an OpenID provider, or both, as the server offers. */
export function LoginPage() {
  const { to = '/' } = useSearch({ from: '/login' });
  const navigate = useNavigate();
  const session = useSession();
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const methods = session?.login_methods ?? [];
  // A path of this server; nothing that was slipped into the address leads elsewhere.
  const target = /^\/(?![/\\])/.test(to) ? to : '/';
  const login = useMutation({
    mutationFn: async () => await call('Session_Create', { body: { username, password } }),
    onSuccess: async () => {
      queryClient.clear();
      await navigate({ href: target });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    login.mutate();
  };
  return (
    <main id="content" tabIndex={-1} className={classes['page']}>
      <div className={classes['card']}>
        <img src="/favicon.svg" alt="" width={36} height={36} />
        <h1>Log in to pipewright</h1>
        {methods.includes('oidc') && (
          <a className={classes['provider']} href={urlOf('Oidc_Start', { query: { return_to: target } })}>
            Continue with single sign-on
          </a>
        )}
        {methods.includes('oidc') && methods.includes('password') && <p className={classes['or']}>or</p>}
        {methods.includes('password') && (
          <form onSubmit={submit} className={classes['form']}>
            <Field label="User name">
              {(control) => (
                <TextInput
                  {...control}
                  autoFocus
                  required
                  autoComplete="username"
                  value={username}
                  onChange={(event) => setUsername(event.target.value)}
                />
              )}
            </Field>
            <Field label="Password">
              {(control) => (
                <TextInput
                  {...control}
                  required
                  type="password"
                  autoComplete="current-password"
                  value={password}
                  onChange={(event) => setPassword(event.target.value)}
                />
              )}
            </Field>
            {login.error && <ErrorMessage error={login.error} />}
            <Button type="submit" kind="primary" disabled={login.isPending}>
              Log in
            </Button>
          </form>
        )}
        {session && methods.length === 0 && (
          <p className="muted">
            {session.is_login_required ? 'The login is done by a proxy in front of this server.' : 'This server has no login.'}
          </p>
        )}
      </div>
    </main>
  );
}
