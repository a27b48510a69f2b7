import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { ProductError } from '../../base/errors.ts';
import { isLoopbackAddress } from './loopback.ts';

export interface BindOptions {
  /** Name or address the server will listen on; "": all addresses. */
  readonly host: string;
  readonly isAuthOn: boolean;
  /** Addresses of a name. Default: what the system says. */
  readonly resolve?: (name: string) => Promise<readonly string[]>;
}

/**
 * A server without login may be reached from this machine only: whoever can reach it can run programs on it. Throws INVALID_USAGE
 * for any other address, and for a name that has any other.
 */
export async function checkBind({ host, isAuthOn, resolve = systemLookup }: BindOptions): Promise<void> {
  if (isAuthOn) return;
  const name = host.replace(/^\[(.*)\]$/, '$1');
  if (name === '') throw refused('all addresses');
  if (isIP(name) !== 0) {
    if (!isLoopbackAddress(name)) throw refused(name);
    return;
  }
  const addresses = await resolve(name).catch((cause: unknown) => {
    throw new ProductError('INVALID_USAGE', `the host ${name} to listen on is not known`, {
      hint: 'use 127.0.0.1, or an address of this machine',
      cause,
    });
  });
  const other = addresses.find((address) => !isLoopbackAddress(address));
  if (addresses.length === 0 || other !== undefined) throw refused(other === undefined ? name : `${name} (${other})`);
}

const systemLookup = async (name: string): Promise<readonly string[]> =>
  (await lookup(name, { all: true })).map(({ address }) => address);

const refused = (where: string): ProductError =>
  new ProductError('INVALID_USAGE', `a server without login does not listen on ${where}: whoever reaches it could run programs`, {
    hint: 'set PIPEWRIGHT_AUTH_PASSWORD (or --auth-password), or listen on 127.0.0.1',
  });
