import type { MiddlewareHandler } from 'hono';
import type { Ids } from '../base/ids.ts';
import type { App } from '../app/app.ts';
import type { AuthEnv } from './auth/caller.ts';
import type { Logger } from './log/logger.ts';
import type { Metrics } from './metrics/metrics.ts';

const REQUEST_ID = 'X-Request-Id';
/** What a proxy in front may call a request; anything else is not written into logs. */
const ACCEPTED_ID = /^[\w.:-]{1,128}$/;
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/**
 * Measures and logs every request: who asked for which operation, how it was answered and how long that took. Neither bodies nor
 * queries are logged. A request has an id, its own or the one it comes with (X-Request-Id), which the answer carries.
 */
export function observeRequests(options: {
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly ids: Ids;
}): MiddlewareHandler<AuthEnv> {
  const { metrics, logger, ids } = options;
  return async (context, next) => {
    const startedMs = performance.now();
    const given = context.req.header(REQUEST_ID);
    const requestId = given !== undefined && ACCEPTED_ID.test(given) ? given : ids.uuid();
    await next();
    context.res.headers.set(REQUEST_ID, requestId);
    // Set by what comes after this; a request that went nowhere has none of them.
    const { routeId: route = 'other', caller } = context.var as Partial<AuthEnv['Variables']>;
    const durationMs = performance.now() - startedMs;
    const { method } = context.req;
    const { status } = context.res;
    metrics.request({ route, method: METHODS.has(method) ? method : 'other', status, seconds: durationMs / 1000 });
    const facts = {
      requestId,
      route,
      method,
      status,
      durationMs: Math.round(durationMs * 10) / 10,
      user: caller?.principal.name,
    };
    // Probes and scrapes come every few seconds and say nothing.
    if (status >= 500) logger.error(facts, 'request failed');
    else if (context.req.path === '/metrics' || context.req.path.endsWith('healthz')) logger.debug(facts, 'request');
    else logger.info(facts, 'request');
  };
}

/** `GET /metrics`, in Prometheus' text format. */
export function metricsHandler(metrics: Metrics, app: App): MiddlewareHandler<AuthEnv> {
  return async () =>
    new Response(await metrics.text(app), {
      headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8', 'cache-control': 'no-store' },
    });
}
