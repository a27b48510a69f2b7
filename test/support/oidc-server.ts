import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What is used of oidc-provider, which comes without types. */
interface OidcProvider {
  callback(): (request: IncomingMessage, response: ServerResponse) => void;
  interactionFinished(request: IncomingMessage, response: ServerResponse, result: object): Promise<void>;
  readonly Grant: (new (facts: object) => { addOIDCScope(scope: string): void; save(): Promise<string> }) & {
    find(id: string): Promise<object | undefined>;
  };
}
type ProviderClass = new (issuer: string, configuration: object) => OidcProvider;

export interface OidcServer extends AsyncDisposable {
  readonly issuer: string;
  /** Who answers at the provider from now on, and with which claims; undefined refuses the login. */
  setUser(user: OidcUser | undefined): void;
}

export interface OidcUser {
  readonly sub: string;
  readonly claims: Readonly<Record<string, unknown>>;
}

export interface OidcServerOptions {
  readonly redirectUri: string;
  /** Claims in the ID token instead of only at the userinfo endpoint. Default: false. */
  readonly claimsInIdToken?: boolean;
}

export const CLIENT = { id: 'pipewright', secret: 'client secret' };
export const PUBLIC_CLIENT_ID = 'pipewright-public';

/** What the provider says about its use in production is no news here. */
for (const name of ['info', 'warn'] as const) {
  const say = console[name];
  console[name] = (...parts: readonly unknown[]) => {
    if (!String(parts[0]).startsWith('oidc-provider ')) say(...parts);
  };
}

/** A standard provider on this machine in which users need not type anything. */
export async function oidcServer(options: OidcServerOptions): Promise<OidcServer> {
  let user: OidcUser | undefined;
  let provider: OidcProvider | undefined;
  const server = createServer((request, response) => {
    if (!request.url!.startsWith('/interaction/')) return provider!.callback()(request, response);
    const result = user ? { login: { accountId: user.sub } } : { error: 'access_denied', error_description: 'not today' };
    void provider!.interactionFinished(request, response, result);
  });
  const issuer = await listen(server);
  const { default: Provider } = (await import('oidc-provider' as string)) as { default: ProviderClass };
  provider = new Provider(
    issuer,
    configuration(options, () => user),
  );
  return {
    issuer,
    setUser: (next) => void (user = next),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

interface Interaction {
  readonly oidc: {
    readonly session: { readonly accountId: string; grantIdFor(clientId: string): string | undefined };
    readonly client: { readonly clientId: string };
    readonly provider: OidcProvider;
  };
}

function configuration({ redirectUri, claimsInIdToken = false }: OidcServerOptions, user: () => OidcUser | undefined): object {
  const shared = { redirect_uris: [redirectUri], post_logout_redirect_uris: [new URL('/', redirectUri).href] };
  return {
    clients: [
      { ...shared, client_id: CLIENT.id, client_secret: CLIENT.secret },
      { ...shared, client_id: PUBLIC_CLIENT_ID, token_endpoint_auth_method: 'none' },
    ],
    scopes: ['openid', 'profile', 'email'],
    claims: { openid: ['sub'], profile: ['preferred_username', 'groups'], email: ['email', 'email_verified'] },
    conformIdTokenClaims: !claimsInIdToken,
    cookies: { keys: ['a key for tests'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_: unknown, interaction: { uid: string }) => `/interaction/${interaction.uid}` },
    findAccount: (_: unknown, sub: string) => ({ accountId: sub, claims: async () => ({ ...user()?.claims, sub }) }),
    // Consent is given beforehand.
    async loadExistingGrant({ oidc }: Interaction) {
      const known = oidc.session.grantIdFor(oidc.client.clientId);
      if (known !== undefined) return await oidc.provider.Grant.find(known);
      const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
      grant.addOIDCScope('openid profile email');
      await grant.save();
      return grant;
    },
  };
}

/** A browser that keeps cookies and follows links between the provider, which is asked over the network, and the server. */
export function testBrowser(own: {
  readonly origin: string;
  readonly send: (url: string, init: RequestInit) => Promise<Response>;
}) {
  const jars = new Map<string, Map<string, string>>();
  const visit = async (url: string, init: RequestInit = {}): Promise<Response> => {
    const { origin } = new URL(url);
    const jar = jars.get(origin) ?? new Map<string, string>();
    jars.set(origin, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const all: RequestInit = { redirect: 'manual', ...init, headers: { ...(init.headers as object), cookie } };
    const response = origin === own.origin ? await own.send(url, all) : await fetch(url, all);
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '' || /max-age=0/i.test(line)) jar.delete(name);
      else jar.set(name, value);
    }
    return response;
  };
  /** Follows redirects until `stop` or an answer that is none; gives that answer and where it was. */
  const follow = async (url: string, stop: (url: string) => boolean = () => false) => {
    let at = url;
    for (let hops = 0; hops < 12; hops += 1) {
      const response = await visit(at);
      const location = response.headers.get('location');
      if (location === null) return { url: at, response };
      at = new URL(location, at).href;
      if (stop(at)) return { url: at, response };
    }
    throw new Error(`too many redirects, the last to ${at}`);
  };
  return { visit, follow };
}
