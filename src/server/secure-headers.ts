import type { MiddlewareHandler } from 'hono';

const DIRECTIVES = {
  'default-src': "'self'",
  'script-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self' data: blob:",
  'font-src': "'self'",
  'connect-src': "'self'",
  'worker-src': "'self'",
  'frame-src': "'self'",
  'object-src': "'none'",
  'base-uri': "'none'",
  'form-action': "'self'",
  'frame-ancestors': "'none'",
} as const;

/** The dashboard needs nothing from elsewhere and no code in its pages. */
const POLICY = policyOf({});

/**
 * KFP's web frontend has code and styles in its start page, its protobuf library compiles code, its editor starts workers out of
 * blobs, and what it shows of HTML artifacts runs in sandboxed frames that inherit this policy. Still nothing comes from elsewhere.
 */
export const KFP_FRONTEND_POLICY = policyOf({
  'script-src': "'self' 'unsafe-inline' 'unsafe-eval'",
  'style-src': "'self' 'unsafe-inline'",
  'font-src': "'self' data:",
  'worker-src': "'self' blob:",
});

function policyOf(changes: Partial<Record<keyof typeof DIRECTIVES, string>>): string {
  return Object.entries({ ...DIRECTIVES, ...changes })
    .map(([name, sources]) => `${name} ${sources}`)
    .join('; ');
}

/** Headers that keep browsers from doing more with an answer than it is for. A handler's own policy stays. */
export function secureHeaders(): MiddlewareHandler {
  return async (context, next) => {
    await next();
    const { headers } = context.res;
    if (!headers.has('content-security-policy')) context.header('content-security-policy', POLICY);
    context.header('x-content-type-options', 'nosniff');
    context.header('referrer-policy', 'same-origin');
  };
}
