/** Answers as a Docker daemon without images does, so that a test can say what becomes of a pull. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface FakeDocker extends AsyncDisposable {
  readonly address: string;
  /** Pulls that were asked for, by image. */
  readonly pulls: readonly string[];
  /** Pulls whose connection was closed by whoever asked. */
  readonly aborted: readonly string[];
}

const INFO = { NCPU: 2, MemTotal: 2 ** 32, ServerVersion: '20.10.24' };

/** `onPull` answers `POST /images/create`, or leaves it open. */
export async function fakeDocker(onPull: (response: ServerResponse) => void): Promise<FakeDocker> {
  const folder = mkdtempSync(join(tmpdir(), 'pipewright-fake-docker-'));
  const socket = join(folder, 'docker.sock');
  const pulls: string[] = [];
  const aborted: string[] = [];
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'http://docker');
    const json = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (pathname === '/info') return json(200, INFO);
    if (pathname === '/networks' || pathname === '/containers/json') return json(200, []);
    // Stays open and says nothing: no container is killed.
    if (pathname === '/events') return response.writeHead(200).flushHeaders();
    if (pathname !== '/images/create') return json(404, { message: `no such thing: ${pathname}` });
    const image = searchParams.get('fromImage')!;
    pulls.push(image);
    response.once('close', () => {
      if (!response.writableFinished) aborted.push(image);
    });
    onPull(response);
  });
  server.listen(socket);
  await once(server, 'listening');
  return {
    address: `unix://${socket}`,
    pulls,
    aborted,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
