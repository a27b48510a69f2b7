import { ProductError } from '../../base/errors.ts';
import { hostName, isLoopbackHost, type RequestOrigin } from './request-origin.ts';

/** Requests that change nothing; they may come from anywhere, since another site cannot read the answer. */
export const isSafeMethod = (method: string): boolean => /^(GET|HEAD|OPTIONS)$/.test(method);

/**
 * A page of another site can have the browser send requests here, with the user's cookies. Browsers say so: Sec-Fetch-Site, and
 * Origin on everything but plain reads. `unknown`: neither is there, so that it was no browser of the last years.
 */
export function siteOf(headers: Headers, { host }: Pick<RequestOrigin, 'host'>): 'own' | 'foreign' | 'unknown' {
  const fetchSite = headers.get('sec-fetch-site');
  if (fetchSite !== null) return fetchSite === 'same-origin' || fetchSite === 'none' ? 'own' : 'foreign';
  const origin = headers.get('origin');
  if (origin === null) return 'unknown';
  return host !== '' && URL.parse(origin)?.host === host ? 'own' : 'foreign';
}

/** Throws FORBIDDEN for a change that another site asks for. */
export function refuseForeignSite(request: Request, origin: RequestOrigin): void {
  if (isSafeMethod(request.method) || siteOf(request.headers, origin) !== 'foreign') return;
  throw new ProductError('FORBIDDEN', 'a page of another site asked for this change', {
    hint: 'changes are taken from this server’s own pages, and from programs',
  });
}

/**
 * With a cookie, a change also needs a sign that it is none of a form: that it comes from a page of ours, or what no form can send.
 * Throws FORBIDDEN.
 */
export function requireOwnSite(request: Request, origin: RequestOrigin): void {
  if (isSafeMethod(request.method)) return;
  refuseForeignSite(request, origin);
  if (siteOf(request.headers, origin) === 'own') return;
  const isJson = /^application\/json\b/i.test(request.headers.get('content-type') ?? '');
  if (isJson || request.headers.has('x-requested-with')) return;
  throw new ProductError('FORBIDDEN', 'nothing shows that this change was asked for by a page of this server', {
    hint: 'send it as application/json or with the header X-Requested-With, or use an API token instead of the cookie',
  });
}

/**
 * Without login the address is the protection, and a foreign name that was made to lead to it (DNS rebinding) would get around it.
 * Throws FORBIDDEN for a host that is neither this machine nor one of the names.
 */
export function refuseForeignHost({ host }: RequestOrigin, allowedHosts: readonly string[]): void {
  if (isLoopbackHost(host) || allowedHosts.includes(hostName(host)) || allowedHosts.includes(host)) return;
  throw new ProductError(
    'FORBIDDEN',
    `a server without login does not answer to the name ${JSON.stringify(host.slice(0, 100))}`,
    {
      hint: 'ask it as http://localhost, allow the name with --allowed-hosts, or set --auth-password',
    },
  );
}
