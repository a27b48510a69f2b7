import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { resolve } from 'node:path';
import { ProductError } from '../../base/errors.ts';
import { catalogueAnswer, readCatalogue, type Catalogue } from '../../components/catalogue.ts';
import { EXIT } from '../command-error.ts';

export interface ServeCommandOptions {
  readonly port: string;
}

/** Only this machine may ask: there is no login. */
const HOST = '127.0.0.1';

/** `pipewright component serve FOLDER`: a folder of components at plain URLs, for any ComponentStore. Goes on until it is ended. */
export async function serve(folder: string, { port }: ServeCommandOptions): Promise<number> {
  const number = Number(port);
  if (!Number.isInteger(number) || number < 0 || number > 65_535)
    throw new ProductError('INVALID_USAGE', `--port ${port}: give a number up to 65535`);
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new ProductError('NOT_FOUND', `there is no folder ${folder}`);
  const catalogue = readCatalogue(resolve(folder));
  const server = catalogueServer(catalogue);
  await new Promise<void>((ready, failed) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const hint = 'choose another one with --port, or 0 for any that is free';
      failed(error.code === 'EADDRINUSE' ? new ProductError('UNAVAILABLE', `port ${port} is in use`, { hint }) : error);
    });
    server.listen(number, HOST, ready);
  });
  const address = server.address();
  const actual = typeof address === 'object' && address ? address.port : number;
  const { size } = catalogue.entries;
  const noun = size === 1 ? 'component' : 'components';
  process.stdout.write(`${size} ${noun} of ${folder} at http://${HOST}:${actual}/ (list: /index.json)\n`);
  await new Promise<void>((ended) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ended());
  });
  server.closeAllConnections();
  server.close();
  return EXIT.ok;
}

function catalogueServer(catalogue: Catalogue): Server {
  return createServer((request, response) => {
    const answer = catalogueAnswer(catalogue, request.url ?? '/');
    if (request.method !== 'GET' && request.method !== 'HEAD') return void response.writeHead(405, { allow: 'GET, HEAD' }).end();
    if (answer.kind === 'missing')
      return void response.writeHead(404, { 'content-type': 'text/plain' }).end('no such component\n');
    if (answer.kind === 'json')
      return void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
    response.writeHead(200, { 'content-type': answer.contentType, etag: `"${answer.digest}"` });
    if (request.method === 'HEAD') return void response.end();
    createReadStream(answer.path)
      .on('error', () => response.destroy())
      .pipe(response);
  });
}
