import type { BlockList } from 'node:net';
import { isIP } from 'node:net';
import { isLoopbackAddress, plainAddress } from './loopback.ts';

/** Where a request comes from and how the server was addressed, with proxies taken into account. */
export interface RequestOrigin {
  /** Of the client; "" if it is not known. */
  readonly address: string;
  readonly isFromTrustedProxy: boolean;
  readonly isSecure: boolean;
  /** Host with its port, as the browser knows it; "" if it is none. */
  readonly host: string;
  /** `https://pipelines.example.com`: what redirects are made with. */
  readonly ownOrigin: string;
}

export interface OriginOptions {
  readonly trusted: BlockList;
  readonly publicUrl: string | null;
}

/** Headers about the client are believed only when the next hop is a trusted proxy. */
export function requestOrigin(request: Request, peer: string, { trusted, publicUrl }: OriginOptions): RequestOrigin {
  const peerAddress = plainAddress(peer);
  const isFromTrustedProxy = isIn(trusted, peerAddress);
  const forwarded = (name: string): string | undefined =>
    isFromTrustedProxy ? request.headers.get(name)?.split(',').at(-1)?.trim() : undefined;
  const url = new URL(request.url);
  const isSecure = publicUrl?.startsWith('https:') ?? (forwarded('x-forwarded-proto') === 'https' || url.protocol === 'https:');
  const given = forwarded('x-forwarded-host') ?? request.headers.get('host') ?? url.host;
  const host = publicUrl === null ? plainHost(given) : new URL(publicUrl).host;
  return {
    address: isFromTrustedProxy ? clientBehind(request.headers.get('x-forwarded-for'), trusted, peerAddress) : peerAddress,
    isFromTrustedProxy,
    isSecure,
    host,
    ownOrigin: publicUrl ?? `${isSecure ? 'https' : 'http'}://${host}`,
  };
}

/** The last address of the chain that is not a proxy of ours: what is before it, the client may have made up. */
function clientBehind(chain: string | null, trusted: BlockList, peer: string): string {
  const hops = (chain ?? '').split(',').map((hop) => plainAddress(hop.trim()));
  const client = hops.findLast((hop) => isIP(hop) !== 0 && !isIn(trusted, hop));
  return client ?? peer;
}

function isIn(list: BlockList, address: string): boolean {
  const family = isIP(address);
  return family !== 0 && list.check(address, family === 4 ? 'ipv4' : 'ipv6');
}

const plainHost = (host: string): string => URL.parse(`http://${host}`)?.host ?? '';

/** Whether a host names this machine: localhost, a name below it, or a loopback address. */
export function isLoopbackHost(host: string): boolean {
  const name = hostName(host);
  return name === 'localhost' || name.endsWith('.localhost') || isLoopbackAddress(name);
}

/** Without port, brackets and closing dot. */
export const hostName = (host: string): string =>
  (URL.parse(`http://${host}`)?.hostname ?? '').replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
