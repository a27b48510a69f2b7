import { ProductError } from '../base/errors.ts';

/** Where a daemon listens, and how it is known there. */
export interface DockerEndpoint {
  /** `unix:///path`, `npipe:////./pipe/name`, or `tcp://host:port`. */
  readonly address: string;
  /** Only with tcp. */
  readonly tls?: DockerTls;
}

/** Contents of PEM files, as Docker's clients keep them (`ca.pem`, `cert.pem`, `key.pem`). */
export interface DockerTls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** Whether the daemon has to have a certificate of `ca`, or of one of the machine's authorities. */
  readonly rejectUnauthorized: boolean;
}

/** Options of a request to it. */
export type DockerTarget =
  | { readonly socketPath: string }
  | ({ readonly host: string; readonly port: number } & (DockerTls | { readonly rejectUnauthorized?: undefined }));

const PORT = { plain: 2375, tls: 2376 } as const;

/** A path is the path of a socket. Throws UNAVAILABLE with the next step for an address that cannot be used. */
export function targetOf({ address, tls }: DockerEndpoint): DockerTarget {
  const [, scheme = '', rest = ''] = /^([a-z]+):\/\/(.*)$/s.exec(address) ?? [];
  if (address.startsWith('/')) return { socketPath: address };
  if ((scheme === 'unix' || scheme === 'npipe') && rest !== '') return { socketPath: rest };
  if (scheme === 'tcp' || scheme === 'http' || scheme === 'https') {
    const url = URL.parse(`http://${rest}`);
    if (!url) throw unusable(address, 'it is no host and port', 'write tcp://127.0.0.1:2375');
    const isTls = tls !== undefined || scheme === 'https';
    return {
      host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
      // The port that belongs to http is left out of what was parsed.
      port: Number(url.port || (/:80\/?$/.test(rest) ? 80 : PORT[isTls ? 'tls' : 'plain'])),
      ...(isTls ? (tls ?? { rejectUnauthorized: true }) : {}),
    };
  }
  if (scheme === 'ssh') {
    const hint = 'containers are shown folders of the daemon’s own machine: run pipewright there';
    throw unusable(address, 'a daemon on another machine cannot be reached by ssh', hint);
  }
  throw unusable(address, 'it is no address', 'write unix:///var/run/docker.sock or tcp://127.0.0.1:2375');
}

function unusable(address: string, why: string, hint: string): ProductError {
  return new ProductError('UNAVAILABLE', `the Docker daemon at "${address}" cannot be used: ${why}`, {
    hint: `${hint} (DOCKER_HOST, or docker context use)`,
  });
}
