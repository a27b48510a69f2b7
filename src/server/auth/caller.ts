import type { AuditEntry } from '../../app/access-audit.ts';
import type { Principal } from '../../app/access-principal.ts';
import type { RequestOrigin } from './request-origin.ts';

/** Who sends a request, from where, and what is to be remembered of it. */
export interface Caller {
  readonly principal: Principal;
  readonly origin: RequestOrigin;
  /** Puts the request into the audit log, even if it would not be there otherwise, with these facts. */
  readonly note: (facts: Partial<AuditEntry>) => void;
  /** Whether the request, sent again now, would come from the same principal with the same rights. */
  readonly isStillSignedIn: () => Promise<boolean>;
}

/** What the middleware leaves in hono's context. */
export interface AuthEnv {
  readonly Variables: { readonly principal: Principal; readonly caller: Caller; readonly routeId: string };
}
