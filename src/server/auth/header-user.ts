import { type AccessApp, grantsOf } from '../../app/access-app.ts';
import type { Principal } from '../../app/access-principal.ts';
import { ensureExternalUser } from '../../app/access-users.ts';
import type { AuthConfig } from './auth-config.ts';
import type { RequestOrigin } from './request-origin.ts';

/**
 * The user a trusted proxy names, as in Kubeflow: https://www.kubeflow.org/docs/components/central-dash/profiles/. Undefined when
 * there is no such header, or when it comes from anywhere else: then it is only text. Throws INVALID_USAGE for what is no name.
 */
export async function headerPrincipal(
  app: AccessApp,
  { header }: AuthConfig,
  request: Request,
  { isFromTrustedProxy }: RequestOrigin,
): Promise<Principal | undefined> {
  if (!header || !isFromTrustedProxy) return undefined;
  const value = request.headers.get(header.name)?.trim() ?? '';
  const name = value.startsWith(header.prefix) ? value.slice(header.prefix.length) : value;
  if (name === '') return undefined;
  const user = await ensureExternalUser(app, { origin: 'header', externalId: `header|${name}`, name, groups: [] });
  const grants = await grantsOf(app, user, null);
  return { kind: 'user', name: user.name, via: 'header', grants, roleCap: null, expiresAtMs: null };
}
