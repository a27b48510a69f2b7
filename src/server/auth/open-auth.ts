import type { Context, MiddlewareHandler } from 'hono';
import { AuditLog } from '../../app/access-audit.ts';
import { type AccessApp, NO_POLICY } from '../../app/access-app.ts';
import { ensureBuiltInAdmin } from '../../app/access-users.ts';
import { ProductError } from '../../base/errors.ts';
import { type AccessHandlers, accessHandlers, type CallerContext } from './access-handlers.ts';
import { authentication } from './authentication.ts';
import { type AuthConfig, isAuthOn } from './auth-config.ts';
import type { AuthEnv } from './caller.ts';
import { gate } from './gate.ts';
import { LoginLimiter } from './login-limiter.ts';
import { oidcLogin } from './oidc-login.ts';
import { answeringErrors, createSession, deleteSession, type LoginContext } from './session-handlers.ts';

export interface AuthOptions extends Omit<AccessApp, 'policy'> {
  readonly config: AuthConfig;
  /** See authentication(). */
  readonly peerAddress?: (context: Context) => string;
}

type RawCall = { readonly request: Request; readonly query: Readonly<Record<string, unknown>> };
type RawHandler = (call: RawCall, context: CallerContext) => Promise<Response>;
type RawName = 'Session_Create' | 'Session_Delete' | 'Oidc_Start' | 'Oidc_Callback';

/** Login and access of a server, to be mounted by it. */
export interface Auth extends AsyncDisposable {
  readonly isOn: boolean;
  /** Before everything else. */
  readonly middleware: MiddlewareHandler<AuthEnv>;
  /** For every route of the tables. */
  readonly gate: typeof gate;
  /** Handlers of ACCESS_ROUTES. */
  readonly handlers: AccessHandlers;
  readonly raw: Readonly<Record<RawName, RawHandler>>;
}

/** Disposing it writes what is left of the audit log; the store has to be open until then. */
export function openAuth({ config, peerAddress, ...parts }: AuthOptions): Auth {
  const policy = {
    ...NO_POLICY,
    hasBuiltInAdmin: config.password !== null,
    admins: config.admins,
    groupRoles: config.oidc?.groupRoles ?? [],
  };
  const app: AccessApp = { ...parts, policy };
  const audit = new AuditLog(app);
  // Hashing takes a while: the server is not to wait for it, only the first login is.
  const ready = repeatable(async () => {
    if (config.password !== null) await ensureBuiltInAdmin(app, config.password);
  });
  const first = ready().catch(() => undefined);
  const oidc = config.oidc && oidcLogin(app, config.oidc);
  const login: LoginContext = { app, config, limiter: new LoginLimiter(app.clock), oidc, ready };
  const handlers = accessHandlers(login);
  const provider = () => {
    if (oidc) return oidc;
    throw new ProductError('FAILED_PRECONDITION', 'this server has no OpenID Connect provider', {
      hint: 'start it with --oidc-issuer and --oidc-client-id',
    });
  };
  return {
    isOn: isAuthOn(config),
    middleware: authentication({ app, config, audit, ...(peerAddress ? { peerAddress } : {}) }),
    gate,
    handlers: {
      ...handlers,
      // Whoever has just done something finds it there.
      async AuditEntry_List(call, context) {
        await audit.flush();
        return await handlers.AuditEntry_List(call, context);
      },
    },
    raw: {
      Session_Create: ({ request }, { caller }) => answeringErrors(() => createSession(login, request, caller)),
      Session_Delete: ({ request }, { caller }) => answeringErrors(() => deleteSession(login, request, caller)),
      Oidc_Start: ({ query }, { caller }) =>
        answeringErrors(async () => await provider().start(caller, textOf(query['return_to']))),
      Oidc_Callback: ({ request }, { caller }) => answeringErrors(async () => await provider().finish(request, caller)),
    },
    async [Symbol.asyncDispose]() {
      await first;
      await audit[Symbol.asyncDispose]();
    },
  };
}

/** Does a thing once; after a failure once more for whoever asks next. */
function repeatable(action: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= action().catch((error: unknown) => {
      done = undefined;
      throw error;
    });
    return done;
  };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
