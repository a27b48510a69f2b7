import { isIP } from 'node:net';
import type { GroupRole } from '../../app/access-app.ts';
import { checkNamespace, checkRole } from '../../app/access-roles.ts';
import { ProductError } from '../../base/errors.ts';
import { isLoopbackAddress } from './loopback.ts';

/** How a server knows who asks. Without password, provider and header there is no login. */
export interface AuthConfig {
  /** Of the user `admin`. */
  readonly password: string | null;
  readonly oidc: OidcConfig | null;
  readonly header: HeaderConfig | null;
  /** Addresses and networks (`10.0.0.0/8`) whose X-Forwarded headers, and header of the user's name, are believed. */
  readonly trustedProxies: readonly string[];
  /** Names under which a server without login may be asked, besides those of this machine. */
  readonly allowedHosts: readonly string[];
  /** The address in the browser's address bar, without a path; null: what the request says. */
  readonly publicUrl: string | null;
  /** Users who are administrators everywhere. */
  readonly admins: readonly string[];
}

export interface OidcConfig {
  readonly issuer: string;
  readonly clientId: string;
  /** null: a public client. */
  readonly clientSecret: string | null;
  /** Claim with the name of the user; null: the first there is of preferred_username, email, sub. */
  readonly userClaim: string | null;
  readonly groupClaim: string;
  readonly groupRoles: readonly GroupRole[];
  readonly scope: string;
}

export interface HeaderConfig {
  /** Lower case. */
  readonly name: string;
  /** Taken off the value: `accounts.google.com:`. */
  readonly prefix: string;
}

export interface AuthOption {
  /** As commander takes it. */
  readonly flags: string;
  /** Name of the value among the parsed options. */
  readonly name: string;
  readonly env: string;
  readonly description: string;
}

const option = (flag: string, value: string, description: string): AuthOption => ({
  flags: `--${flag} <${value}>`,
  name: flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase()),
  env: `PIPEWRIGHT_${flag.replaceAll('-', '_').toUpperCase()}`,
  description,
});

/** The options of `pipewright up` about logins; each can be set in the environment as well. */
export const AUTH_OPTIONS: readonly AuthOption[] = [
  option('auth-password', 'password', 'ask for a login; the password of the user "admin"'),
  option('auth-admins', 'names', 'users who are administrators, with commas between'),
  option('oidc-issuer', 'url', 'log in at this OpenID Connect provider'),
  option('oidc-client-id', 'id', 'id of this server at the provider'),
  option('oidc-client-secret', 'secret', 'secret of this server at the provider; none for a public client'),
  option('oidc-user-claim', 'claim', 'claim with the user name (default: preferred_username, else email, else sub)'),
  option('oidc-group-claim', 'claim', 'claim with the groups of the user (default: groups)'),
  option('oidc-roles', 'group=role', 'roles of groups: GROUP=ROLE or GROUP=ROLE@NAMESPACE, with commas between'),
  option('oidc-scope', 'scopes', 'what is asked of the provider (default: "openid profile email")'),
  option('auth-header', 'name', 'a trusted proxy names the user in this header (Kubeflow: kubeflow-userid)'),
  option('auth-header-prefix', 'text', 'what to take off that header’s value (accounts.google.com:)'),
  option('trusted-proxy', 'addresses', 'addresses or networks of trusted proxies, with commas between'),
  option('public-url', 'url', 'the address users see, if a proxy changes it'),
  option('allowed-hosts', 'names', 'further host names a server without login answers to, with commas between'),
];

export const isAuthOn = ({ password, oidc, header }: AuthConfig): boolean =>
  password !== null || oidc !== null || header !== null;

type Values = Readonly<Record<string, unknown>>;

/** Options win over the environment. Throws INVALID_USAGE, which never repeats a secret. */
export function readAuthConfig(options: Values, env: Readonly<Record<string, string | undefined>>): AuthConfig {
  const value = (name: string): string | undefined => {
    const given = options[name] ?? env[AUTH_OPTIONS.find((one) => one.name === name)!.env];
    return typeof given === 'string' ? given : undefined;
  };
  const password = value('authPassword') ?? null;
  if (password === '') throw invalid('the password of --auth-password is empty', 'choose one, or leave the option out');
  const trustedProxies = list(value('trustedProxy')).map(checkNetwork);
  const header = readHeader(value('authHeader'), value('authHeaderPrefix'));
  if (header && trustedProxies.length === 0) {
    throw invalid('--auth-header without --trusted-proxy would let anyone be anyone', 'name the addresses of the proxy');
  }
  return {
    password,
    oidc: readOidc(value),
    header,
    trustedProxies,
    allowedHosts: list(value('allowedHosts')).map((name) => name.toLowerCase()),
    publicUrl: readPublicUrl(value('publicUrl')),
    admins: list(value('authAdmins')),
  };
}

function readOidc(value: (name: string) => string | undefined): OidcConfig | null {
  const issuer = value('oidcIssuer');
  const clientId = value('oidcClientId');
  if (!issuer && !clientId) return null;
  if (!issuer || !clientId) throw invalid('--oidc-issuer and --oidc-client-id belong together', 'set both');
  const url = URL.parse(issuer);
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopbackHost(url.hostname));
  if (!url || !isSafe) {
    throw invalid(`the provider ${JSON.stringify(issuer)} is no https URL`, 'http is for a provider on this machine only');
  }
  return {
    issuer,
    clientId,
    clientSecret: value('oidcClientSecret') || null,
    userClaim: value('oidcUserClaim') || null,
    groupClaim: value('oidcGroupClaim') || 'groups',
    groupRoles: list(value('oidcRoles')).map(readGroupRole),
    scope: value('oidcScope') || 'openid profile email',
  };
}

const isLoopbackHost = (host: string): boolean => host === 'localhost' || isLoopbackAddress(host.replace(/^\[|\]$/g, ''));

/** `ops=admin`, `dev=editor@team-a`; the group may hold any of the two signs. */
function readGroupRole(text: string): GroupRole {
  const match = /^(.+)=([a-z]+)(?:@([^@=]*))?$/.exec(text);
  if (!match) throw invalid(`${JSON.stringify(text)} is no role of a group`, 'write GROUP=ROLE or GROUP=ROLE@NAMESPACE');
  const [, group = '', role = '', namespace = '*'] = match;
  return { group, role: checkRole(role), namespace: checkNamespace(namespace) };
}

function readHeader(name: string | undefined, prefix = ''): HeaderConfig | null {
  if (!name) return null;
  if (/^[a-z0-9-]+$/i.test(name) && !/^(authorization|cookie|host)$/i.test(name)) return { name: name.toLowerCase(), prefix };
  throw invalid(`${JSON.stringify(name)} cannot be the header of the user's name`, 'Kubeflow uses kubeflow-userid');
}

function readPublicUrl(text: string | undefined): string | null {
  if (!text) return null;
  const url = URL.parse(text);
  if (url && /^https?:$/.test(url.protocol) && url.pathname === '/' && url.search === '') return url.origin;
  throw invalid(`${JSON.stringify(text)} is no address of a server`, 'write it as https://pipelines.example.com');
}

function checkNetwork(text: string): string {
  const [address = '', bits] = text.split('/');
  const family = isIP(address);
  const isPrefix = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
  if (family !== 0 && isPrefix) return text;
  throw invalid(`${JSON.stringify(text)} is no address or network`, 'write it as 10.0.0.7 or 10.0.0.0/8');
}

const list = (text = ''): readonly string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

const invalid = (message: string, hint: string): ProductError => new ProductError('INVALID_USAGE', message, { hint });
