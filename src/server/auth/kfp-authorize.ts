import { type Principal, requireAuthorized } from '../../app/access-principal.ts';
import { ProductError } from '../../base/errors.ts';

export interface KfpAuthorizeQuery {
  readonly namespace?: string | undefined;
  readonly resources?: string | undefined;
  readonly verb?: string | undefined;
}

/**
 * Answers `GET /apis/VERSION/auth`, which KFP's frontend server asks before it shows logs, artifacts or TensorBoard: nothing if the caller
 * may, else it throws. Source: backend/src/apiserver/server/auth_server.go.
 */
export function kfpAuthorize(principal: Principal, { namespace = '', resources = '', verb = '' }: KfpAuthorizeQuery): void {
  // Without login everything is allowed, and the question need not be complete.
  if (principal.kind === 'anonymous') return;
  if (resources !== 'VIEWERS' || !/^(CREATE|GET|DELETE)$/.test(verb)) {
    throw new ProductError('INVALID_USAGE', 'an authorize request names resources (VIEWERS) and a verb (CREATE, GET, DELETE)');
  }
  requireAuthorized(principal, `viewers:${verb.toLowerCase()}`, namespace);
}
