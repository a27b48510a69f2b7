/**
 * The Docker Engine API over its unix socket, or over TCP, plain or with TLS. Paths are given without a version, which means the
 * daemon's own: every daemon since 20.10 and Podman's compatible service answer them.
 */
import http, { type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import https from 'node:https';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { targetOf, type DockerEndpoint } from './docker-endpoint.ts';

export interface DockerApi {
  /** Where it listens, for messages: `unix:///var/run/docker.sock`. */
  readonly address: string;
  /** Sends JSON and reads the JSON that comes back; undefined for an empty answer. Throws DockerError. */
  call(method: string, path: string, options?: CallOptions): Promise<unknown>;
  /** An answer that goes on: logs, events, progress. It has a connection of its own, which ends with the stream. Throws DockerError. */
  open(method: string, path: string, options?: OpenOptions): Promise<IncomingMessage>;
  /** Closes idle connections. */
  close(): void;
}

export interface CallOptions {
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  readonly headers?: OutgoingHttpHeaders;
  readonly signal?: AbortSignal;
}

export interface OpenOptions extends Omit<CallOptions, 'body'> {
  /** Sent as it comes, such as a tar archive. */
  readonly body?: Readable;
}

/** What the daemon answered instead of what was asked for. `status` 0: it did not answer. */
export class DockerError extends Error {
  override readonly name = 'DockerError';
  readonly status: number;

  constructor(status: number, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.status = status;
  }
}

/** Nobody answers on the socket, or the connection broke: not an answer to what was asked. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof DockerError && error.status === 0;
}

export function hasStatus(error: unknown, status: number): boolean {
  return error instanceof DockerError && error.status === status;
}

/** Undefined where the daemon says that there is no such thing. */
export async function ifFound<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (hasStatus(error, 404)) return undefined;
    throw error;
  }
}

/** More requests at once only wait inside the daemon. Streams are not counted. */
const MAX_CONNECTIONS = 32;
/** An error's text; more of it is not read. */
const MAX_ERROR_BYTES = 64 * 1024;
/** A list of ten thousand containers has about 10 MB. */
const MAX_ANSWER_BYTES = 256 * 2 ** 20;

/** A text is the address of an endpoint, or the path of a socket. Throws UNAVAILABLE for one that cannot be used. */
export function openDockerApi(endpoint: string | DockerEndpoint): DockerApi {
  const at = typeof endpoint === 'string' ? { address: endpoint } : endpoint;
  const { address } = at;
  const target = targetOf(at);
  const { Agent, request } = 'host' in target && target.rejectUnauthorized !== undefined ? https : http;
  const agent = new Agent({ keepAlive: true, maxSockets: MAX_CONNECTIONS });
  const send = (
    method: string,
    path: string,
    options: OpenOptions & { readonly json?: string; readonly ownConnection: boolean },
  ) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const sent = request({
        ...target,
        method,
        path: path + queryText(options.query),
        headers: {
          // A socket has no name; of a host, its certificate is checked against it.
          ...('host' in target ? {} : { host: 'docker' }),
          ...(options.json === undefined
            ? {}
            : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(options.json) }),
          ...options.headers,
        },
        agent: options.ownConnection ? false : agent,
        ...(options.signal ? { signal: options.signal } : {}),
      });
      sent.once('error', (cause) => reject(new DockerError(0, unreachable(address, cause), { cause })));
      sent.once('response', (response) => {
        // Who still reads it is told of its end; nobody else has to know.
        response.on('error', () => {});
        if (response.statusCode! < 400) return resolve(response);
        errorOf(response).then(reject, reject);
      });
      if (options.body) pipeline(options.body, sent).catch((error: unknown) => sent.destroy(error as Error));
      else sent.end(options.json);
    });
  return {
    address: address.includes('://') ? address : `unix://${address}`,
    async call(method, path, { body, ...options } = {}) {
      const json = body === undefined ? undefined : JSON.stringify(body);
      const response = await send(method, path, { ...options, ownConnection: false, ...(json === undefined ? {} : { json }) });
      const text = await readText(response, MAX_ANSWER_BYTES);
      return text.trim() === '' || response.statusCode === 204 ? undefined : parseAnswer(text, path);
    },
    open: (method, path, options = {}) => send(method, path, { ...options, ownConnection: true }),
    close: () => agent.destroy(),
  };
}

function queryText(query: CallOptions['query'] = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) parameters.set(name, String(value));
  return parameters.size === 0 ? '' : `?${parameters.toString()}`;
}

function parseAnswer(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    // `/_ping` says OK.
    if (path === '/_ping') return text;
    throw new DockerError(500, `the answer to ${path} is not JSON: ${text.slice(0, 200)}`, { cause });
  }
}

async function errorOf(response: IncomingMessage): Promise<DockerError> {
  const text = await readText(response, MAX_ERROR_BYTES);
  let message = text.trim();
  try {
    message = (JSON.parse(text) as { readonly message?: string }).message ?? message;
  } catch {
    // Podman and proxies may answer in plain text.
  }
  return new DockerError(statusOf(response.statusCode!, message), message);
}

/** Podman 4 says 500 of a name that is taken; Docker, and Podman since then, 409. */
function statusOf(status: number, message: string): number {
  return status === 500 && /name .* is already in use/i.test(message) ? 409 : status;
}

async function readText(response: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw new DockerError(500, `the daemon's answer is larger than ${maxBytes} bytes`);
      chunks.push(chunk);
    }
  } catch (cause) {
    if (cause instanceof DockerError) throw cause;
    throw new DockerError(0, `the connection to the Docker daemon broke: ${(cause as Error).message}`, { cause });
  }
  return Buffer.concat(chunks).toString();
}

function unreachable(address: string, cause: Error): string {
  const { code } = cause as NodeJS.ErrnoException;
  const why =
    code === 'ENOENT' || code === 'ECONNREFUSED'
      ? 'nobody listens there'
      : code === 'EACCES'
        ? 'permission denied'
        : cause.message || String(code);
  return `the Docker daemon at ${address} does not answer: ${why}`;
}
