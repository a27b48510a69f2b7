import { NATIVE_MESSAGES } from '../../api/native/messages.ts';
import { NATIVE_ROUTES } from '../../api/native/routes.ts';
import { V1_MESSAGES } from '../../api/v1beta1/messages.ts';
import { V1_ROUTES } from '../../api/v1beta1/routes.ts';
import { V2_MESSAGES } from '../../api/v2beta1/messages.ts';
import { V2_ROUTES } from '../../api/v2beta1/routes.ts';
import { type Client, createClient } from '../../client/client.ts';
import { type Connection, connectionFrom } from '../../client/connection.ts';
import { storedToken } from './token-file.ts';

/** The options every command that talks to a server has. */
export interface ServerOptions {
  readonly endpoint?: string;
  readonly namespace?: string;
  readonly token?: string;
  readonly output?: OutputFormat;
}

export type OutputFormat = 'table' | 'json';

/** A command's way to the server: one client for each dialect it needs, and how it shall print. */
export interface Session {
  readonly connection: Connection;
  readonly kfp: Client<typeof V2_MESSAGES, typeof V2_ROUTES>;
  /** v1beta1: for the one thing that v2beta1 cannot say. */
  readonly older: Client<typeof V1_MESSAGES, typeof V1_ROUTES>;
  readonly own: Client<typeof NATIVE_MESSAGES, typeof NATIVE_ROUTES>;
  readonly output: OutputFormat;
}

export function openSession(options: ServerOptions): Session {
  const connection = connectionFrom(options, process.env, (endpoint) => storedToken(endpoint)?.token);
  return {
    connection,
    kfp: createClient(connection, { schemas: V2_MESSAGES, routes: V2_ROUTES }),
    older: createClient(connection, { schemas: V1_MESSAGES, routes: V1_ROUTES }),
    own: createClient(connection, { schemas: NATIVE_MESSAGES, routes: NATIVE_ROUTES }),
    output: options.output ?? 'table',
  };
}
