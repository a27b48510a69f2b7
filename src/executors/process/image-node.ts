/** The official image of Node, from any registry: `node`, `node:24`, `docker.io/library/node:24-slim`. */
const NODE_IMAGE = /(^|\/)node(:[^/]*)?(@.*)?$/;

/** A step of a Node image runs on the Node this server runs on: what PATH finds may be older, or not there at all. */
export function withNodeOf(image: string, argv: readonly string[]): readonly string[] {
  return argv[0] === 'node' && NODE_IMAGE.test(image) ? [process.execPath, ...argv.slice(1)] : argv;
}
