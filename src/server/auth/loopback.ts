import { BlockList, isIP } from 'node:net';

/** Whether an IP address is one of this machine's own (127.0.0.0/8, ::1, also written as IPv4 in IPv6). */
export function isLoopbackAddress(address: string): boolean {
  const plain = plainAddress(address);
  const family = isIP(plain);
  return family !== 0 && LOOPBACK.check(plain, family === 4 ? 'ipv4' : 'ipv6');
}

const LOOPBACK = networks(['127.0.0.0/8', '::1']);

/** Addresses and networks to compare addresses with. */
export function networks(texts: readonly string[]): BlockList {
  const found = new BlockList();
  for (const text of texts) {
    const [address = '', bits] = text.split('/');
    const family = isIP(address) === 4 ? 'ipv4' : 'ipv6';
    found.addSubnet(address, bits === undefined ? (family === 'ipv4' ? 32 : 128) : Number(bits), family);
  }
  return found;
}

/** `::ffff:10.0.0.7` and `::ffff:a00:7` are 10.0.0.7; a zone is left out. */
export function plainAddress(address: string): string {
  const bare = address.replace(/%.*$/, '');
  const dotted = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare);
  if (dotted) return dotted[1]!;
  const groups = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(bare);
  if (!groups) return bare;
  const [high, low] = [Number.parseInt(groups[1]!, 16), Number.parseInt(groups[2]!, 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}
