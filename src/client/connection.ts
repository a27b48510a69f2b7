import { ProductError } from '../base/errors.ts';

/** Where a server is and who asks. */
export interface Connection {
  /** Scheme, host, port and path prefix, without a slash at the end. */
  readonly endpoint: string;
  /** Sent with lists and new objects; only a server for several users looks at it. */
  readonly namespace?: string;
  /** An API token. */
  readonly token?: string;
}

export interface ConnectionOptions {
  readonly endpoint?: string | undefined;
  readonly namespace?: string | undefined;
  readonly token?: string | undefined;
}

export const DEFAULT_ENDPOINT = 'http://127.0.0.1:8888';

/**
 * The connection that options and environment describe; options win. `KF_PIPELINES_ENDPOINT` is the variable of the kfp SDK. Tokens
 * kept by a login are looked up by `storedToken`. Throws INVALID_USAGE for an endpoint that is no address.
 */
export function connectionFrom(
  options: ConnectionOptions,
  env: Readonly<Record<string, string | undefined>>,
  storedToken: (endpoint: string) => string | undefined = () => undefined,
): Connection {
  const endpoint = readEndpoint(options.endpoint || env['KF_PIPELINES_ENDPOINT'] || DEFAULT_ENDPOINT);
  const namespace = options.namespace || env['PIPEWRIGHT_NAMESPACE'];
  const token = options.token || env['PIPEWRIGHT_TOKEN'] || storedToken(endpoint);
  return { endpoint, ...(namespace ? { namespace } : {}), ...(token ? { token } : {}) };
}

/** An address without a scheme is HTTPS, as for the kfp SDK, unless it is this machine. */
function readEndpoint(text: string): string {
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `${isThisMachine(text) ? 'http' : 'https'}://${text}`;
  const url = URL.parse(withScheme);
  if (url && ['http:', 'https:'].includes(url.protocol) && url.hostname !== '' && url.search === '' && url.hash === '')
    return url.href.replace(/\/+$/, '');
  throw new ProductError('INVALID_USAGE', `--endpoint ${text}: not the address of a server`, {
    hint: `It looks like ${DEFAULT_ENDPOINT}`,
  });
}

const isThisMachine = (host: string): boolean => /^(localhost|127\.[\d.]+|\[::1\]|0\.0\.0\.0)(:|\/|$)/i.test(host);
