import { ACCESS_MESSAGES } from '../../api/native/access-messages.ts';
import { ACCESS_ROUTES } from '../../api/native/access-routes.ts';
import { type Client, createClient } from '../../client/client.ts';
import type { Connection } from '../../client/connection.ts';

/** Logins and tokens of a server. */
export function accessClient(connection: Connection): Client<typeof ACCESS_MESSAGES, typeof ACCESS_ROUTES> {
  return createClient(connection, { schemas: ACCESS_MESSAGES, routes: ACCESS_ROUTES });
}
