import type { Server } from 'node:http';
import { type HttpBindings, serve } from '@hono/node-server';
import { ProductError } from '../base/errors.ts';

/** How long answers that are under way may take when the server stops. */
const GRACE_MS = 3_000;
/** How soon a connection is closed whose answer is complete: clients would keep it for the next request. */
const CLOSE_IDLE_EVERY_MS = 20;

/** Resolves when connections are accepted. Throws CONFLICT if the port is in use. */
export function listen(
  // The connection knows the address of the client.
  fetch: (request: Request, connection: HttpBindings) => Response | Promise<Response>,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<Server> {
  const { promise, resolve, reject } = Promise.withResolvers<Server>();
  const server = serve(
    {
      fetch: (request, connection) => fetch(request, connection as HttpBindings),
      hostname: host,
      port,
      overrideGlobalObjects: false,
    },
    () => resolve(server),
  ) as Server;
  server.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') return reject(error);
    const hint = 'choose another with --port, or stop the server that uses it';
    reject(new ProductError('CONFLICT', `port ${port} of ${host} is in use`, { hint }));
  });
  return promise;
}

/** Answers what has been asked; connections that are still open after a while are closed. */
export async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const idle = setInterval(() => server.closeIdleConnections(), CLOSE_IDLE_EVERY_MS);
  const timer = setTimeout(() => server.closeAllConnections(), GRACE_MS);
  await closed;
  clearInterval(idle);
  clearTimeout(timer);
}

export function urlOf(server: Server, host: string): string {
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
