import { ProductError } from '../base/errors.ts';
import type { Connection } from './connection.ts';
import { errorFromReply } from './error-from-reply.ts';

export interface Request {
  readonly method: string;
  /** Path with its query, from `/apis` on. */
  readonly target: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | FormData;
  readonly signal?: AbortSignal | undefined;
}

/** Sends one request. An answer that is no success, and a server that cannot be reached, throw a ProductError. */
export async function send(connection: Connection, request: Request): Promise<Response> {
  const url = `${connection.endpoint}${request.target}`;
  const response = await fetch(url, {
    method: request.method,
    headers: { ...request.headers, ...(connection.token === undefined ? {} : { authorization: `Bearer ${connection.token}` }) },
    ...(request.body === undefined ? {} : { body: request.body }),
    ...(request.signal === undefined ? {} : { signal: request.signal }),
  }).catch((cause: unknown) => {
    if (request.signal?.aborted) throw cause;
    throw unreachableServer(connection.endpoint, cause);
  });
  if (response.ok) return response;
  throw errorFromReply({ method: request.method, url }, response.status, await response.text());
}

/** What went wrong below HTTP: fetch wraps the system's error, and several of them where a name has several addresses. */
function unreachableServer(endpoint: string, thrown: unknown): ProductError {
  const cause = (thrown as { cause?: { code?: string; message?: string } }).cause;
  const code = cause?.code ?? '';
  const [message, hint] = EXPLAINED[code] ?? [
    `cannot be reached: ${cause?.message || (thrown as Error).message}`,
    'Give the address of the server with --endpoint.',
  ];
  return new ProductError('UNAVAILABLE', `${endpoint} ${message}`, { hint, cause: thrown });
}

const START = 'Start it with: pipewright up   Or give the address of another server: --endpoint, or KF_PIPELINES_ENDPOINT.';
const EXPLAINED: Readonly<Record<string, readonly [string, string]>> = {
  ECONNREFUSED: ['does not answer: no server listens there', START],
  ENOTFOUND: ['cannot be found: there is no machine of this name', 'Check --endpoint.'],
  EAI_AGAIN: ['cannot be found: names cannot be looked up now', 'Check the network and --endpoint.'],
  ECONNRESET: ['ended the connection', 'Is it an HTTP server, and was it restarted just now?'],
  UND_ERR_SOCKET: ['ended the connection', 'Is it an HTTP server, and was it restarted just now?'],
};
