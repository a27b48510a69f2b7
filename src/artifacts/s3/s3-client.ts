/**
 * Signed requests to an S3-compatible store, tried again where that can help.
 *
 * I1. Nothing waits for ever: a connection on which nothing happens for a while is given up, and tries are counted.
 * I2. A request is only sent in a form that may be sent twice: bodies are in memory.
 */
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import type { Clock } from '../../base/clock.ts';
import { ProductError } from '../../base/errors.ts';
import { refusalError, unreachableError, type S3Refusal } from './s3-errors.ts';
import { xmlText } from './s3-xml.ts';
import { encodePath, encodeQuery, signRequest, type S3Credentials } from './sign-request.ts';

/** Where a bucket is, and as whom to ask. */
export interface S3Endpoint {
  /** `https://s3.eu-west-1.amazonaws.com`, `http://127.0.0.1:9000`. */
  readonly url: string;
  readonly region: string;
  /** The bucket is the first part of the path (true) or of the host's name. */
  readonly pathStyle: boolean;
  readonly credentials: () => Promise<S3Credentials>;
}

export interface S3Request {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  readonly bucket: string;
  /** "" for the bucket itself. */
  readonly key: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Statuses beyond 2xx that the caller understands. */
  readonly accept?: readonly number[];
  /** For messages: completes "could not …". */
  readonly attempt: string;
}

export interface S3ClientOptions {
  readonly clock: Clock;
  /** How long a connection may be silent. Default: 30,000. */
  readonly idleTimeoutMs?: number;
  /** Default: 7. */
  readonly tries?: number;
  /** Before the second try; doubled for each further one. Default: 200. */
  readonly firstWaitMs?: number;
}

export interface S3Client {
  /** The caller consumes or destroys what comes back. Throws ProductError. */
  request(endpoint: S3Endpoint, request: S3Request): Promise<IncomingMessage>;
  /** Waits as before try number `tried` + 1; false if there is none. */
  backOff(tried: number): Promise<boolean>;
}

/** To one store; further requests wait for a free one. */
const MAX_CONNECTIONS = 64;
/** An error document is a few hundred bytes. */
const MAX_ERROR_BYTES = 65_536;
const RETRIED_CODES: ReadonlySet<string> = new Set(['RequestTimeout', 'SlowDown', 'InternalError', 'OperationAborted']);
/** The name of the host is wrong, or its certificate is: that does not pass. */
const LASTING = /^(ENOTFOUND|ERR_INVALID_URL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/;

export function createS3Client(options: S3ClientOptions): S3Client {
  const { clock, idleTimeoutMs = 30_000, tries = 7, firstWaitMs = 200 } = options;
  let transport: Promise<Transport> | undefined;
  const backOff = async (tried: number) => {
    if (tried >= tries) return false;
    await new Promise<void>((resolve) => clock.at(clock.now() + firstWaitMs * 2 ** (tried - 1), resolve));
    return true;
  };
  const once = async (endpoint: S3Endpoint, request: S3Request) => {
    const credentials = await endpoint.credentials();
    const { open } = await (transport ??= loadTransport());
    return send(addressed(endpoint, request), { credentials, region: endpoint.region, nowMs: clock.now(), idleTimeoutMs, open });
  };
  return {
    backOff,
    async request(endpoint, request) {
      for (let tried = 1; ; tried += 1) {
        const answer = await once(endpoint, request).catch((error: NodeJS.ErrnoException) => error);
        if (answer instanceof Error) {
          if (answer instanceof ProductError || answer.code === undefined) throw answer;
          if (!LASTING.test(answer.code) && (await backOff(tried))) continue;
          throw unreachableError(request.attempt, endpoint.url, answer);
        }
        const status = answer.statusCode ?? 0;
        if ((status >= 200 && status < 300) || request.accept?.includes(status)) return answer;
        const refusal = await readRefusal(answer, clock.now());
        if ((status >= 500 || status === 429 || RETRIED_CODES.has(refusal.code)) && (await backOff(tried))) continue;
        throw refusalError(request.attempt, endpoint.url, refusal);
      }
    },
  };
}

/** Connections that are kept and used again. */
interface Transport {
  readonly open: (protocol: string, options: RequestOptions) => ClientRequest;
}

/** Only when there is something to ask: loading these takes longer than a small run on this machine alone. */
async function loadTransport(): Promise<Transport> {
  const [http, https] = await Promise.all([import('node:http'), import('node:https')]);
  const kept = { keepAlive: true, maxSockets: MAX_CONNECTIONS };
  const agents = { http: new http.Agent(kept), https: new https.Agent(kept) };
  return {
    open: (protocol, options) =>
      protocol === 'https:'
        ? https.request({ ...options, agent: agents.https })
        : http.request({ ...options, agent: agents.http }),
  };
}

interface Addressed extends S3Request {
  readonly url: URL;
  readonly host: string;
  readonly path: string;
}

function addressed(endpoint: S3Endpoint, request: S3Request): Addressed {
  const url = new URL(endpoint.url);
  const base = url.pathname.replace(/\/+$/, '');
  const key = `/${request.key}`;
  return endpoint.pathStyle
    ? { ...request, url, host: url.host, path: `${base}/${request.bucket}${request.key === '' ? '' : key}` }
    : { ...request, url, host: `${request.bucket}.${url.host}`, path: base + key };
}

function send(
  { url, host, path, method, query = {}, headers = {}, body }: Addressed,
  how: {
    readonly credentials: S3Credentials;
    readonly region: string;
    readonly nowMs: number;
    readonly idleTimeoutMs: number;
    readonly open: Transport['open'];
  },
): Promise<IncomingMessage> {
  const signed = signRequest({ method, host, path, query, headers, ...(body === undefined ? {} : { body }) }, how);
  const search = encodeQuery(query);
  const options = {
    method,
    hostname: host.replace(/:\d+$/, ''),
    port: url.port,
    path: encodePath(path) + (search === '' ? '' : `?${search}`),
    headers: body === undefined ? signed : { ...signed, 'content-length': String(body.byteLength) },
    // From the beginning on, so that it also ends a connection that does not come about.
    timeout: how.idleTimeoutMs,
  };
  return new Promise((resolve, reject) => {
    const request = how.open(url.protocol, options);
    request.on('timeout', () => {
      const error = new Error(`nothing was heard for ${how.idleTimeoutMs / 1000} s`);
      request.destroy(Object.assign(error, { code: 'ETIMEDOUT' }));
    });
    request.on('error', reject);
    request.on('response', resolve);
    request.end(body);
  });
}

async function readRefusal(answer: IncomingMessage, nowMs: number): Promise<S3Refusal> {
  const text = await readText(answer, MAX_ERROR_BYTES).catch(() => '');
  const serverMs = Date.parse(answer.headers.date ?? '');
  return {
    status: answer.statusCode ?? 0,
    code: xmlText(text, 'Code') ?? '',
    message: xmlText(text, 'Message') ?? '',
    region: xmlText(text, 'Region') ?? (answer.headers['x-amz-bucket-region'] as string | undefined),
    ...(Number.isNaN(serverMs) ? {} : { skewMs: serverMs - nowMs }),
  };
}

/** The body as text; throws beyond `maxBytes`. */
export async function readText(answer: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new Error(`the answer has more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
