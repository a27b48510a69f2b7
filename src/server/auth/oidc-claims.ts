import type { ExternalUser } from '../../app/access-users.ts';
import { ProductError } from '../../base/errors.ts';
import type { OidcConfig } from './auth-config.ts';

type Claims = Readonly<Record<string, unknown>>;

/** The user claims speak of (OpenID Connect Core, section 5.1). Throws FORBIDDEN if they do not say a name that can be relied on. */
export function userOfClaims(claims: Claims, config: Pick<OidcConfig, 'issuer' | 'userClaim' | 'groupClaim'>): ExternalUser {
  const subject = textOf(claims, 'sub');
  const candidates = config.userClaim === null ? ['preferred_username', 'email', 'sub'] : [config.userClaim];
  const claim = candidates.find((name) => textOf(claims, name) !== undefined);
  if (subject === undefined || claim === undefined) {
    throw new ProductError('FORBIDDEN', `the provider does not tell the claim ${candidates.join(' or ')}`, {
      hint: 'choose another with --oidc-user-claim, or ask for it with --oidc-scope',
    });
  }
  if (claim === 'email' && claims['email_verified'] === false) {
    throw new ProductError('FORBIDDEN', 'the provider has not verified the e-mail address', {
      hint: 'verify it there, or take names from another claim (--oidc-user-claim)',
    });
  }
  return {
    origin: 'oidc',
    externalId: `${config.issuer}|${subject}`,
    name: textOf(claims, claim)!.normalize('NFC'),
    groups: groupsOf(claims[config.groupClaim]),
  };
}

function textOf(claims: Claims, name: string): string | undefined {
  const value = claims[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A list, or one group as a text. */
function groupsOf(value: unknown): readonly string[] {
  const all: readonly unknown[] = Array.isArray(value) ? value : [value];
  return all.filter((group) => typeof group === 'string').filter((group) => group !== '' && !/\p{Cc}/u.test(group));
}
