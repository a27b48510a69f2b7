import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../../base/clock.ts';
import { openDockerApi } from '../../docker/docker-api.ts';
import { DaemonPatience } from './daemon-patience.ts';
import type { DaemonWatch } from './daemon-watch.ts';
import type { DockerAttempt } from './docker-attempt.ts';
import { InitContainers, type InitContainersOptions } from './init-containers.ts';

const frame = (text: string): Buffer => {
  const header = Buffer.alloc(8);
  header[0] = 1;
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
};

/** A daemon with one container that ends at once, says that it has exited, and has been started again when it is next asked. */
async function daemonThatRestarts() {
  let rounds = 0;
  let isStopped = false;
  const answers: Readonly<Record<string, (response: ServerResponse, query: URLSearchParams) => void>> = {
    logs: (response, query) => {
      if (query.has('follow') && !isStopped) rounds += 1;
      response.end(Buffer.concat(Array.from({ length: query.has('tail') ? 1 : rounds }, () => frame('round\n'))));
    },
    json: (response) => {
      const State = { Status: 'exited', Running: false, ExitCode: 0, StartedAt: '2026-01-01T00:00:00Z' };
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ State }));
    },
    stop: (response) => {
      isStopped = true;
      response.writeHead(204).end();
    },
  };
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'http://localhost');
    const answer = answers[pathname.split('/').at(-1)!];
    if (answer) answer(response, searchParams);
    else response.writeHead(404).end('{}');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const api = openDockerApi(`tcp://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return {
    api,
    rounds: () => rounds,
    async [Symbol.asyncDispose]() {
      api.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** It answers always. */
const NO_WATCH = { back: assert.fail } as unknown as DaemonWatch;

test('what a sidecar prints is in the log however often it ends, whatever the daemon calls it in between', async () => {
  await using daemon = await daemonThatRestarts();
  const folder = mkdtempSync(join(tmpdir(), 'pipewright-sidecar-'));
  try {
    const log = join(folder, 'step.log');
    const initContainers = [{ name: 'side', restartPolicy: 'Always' }];
    const attempt = {
      container: 'step',
      launch: { platform: { initContainers } },
      paths: { log, folder },
    } as unknown as DockerAttempt;
    const { signal } = new AbortController();
    const containers = new InitContainers({
      api: daemon.api,
      clock: systemClock,
      patience: new DaemonPatience({ api: daemon.api, clock: systemClock, signal, note: assert.fail, daemon: NO_WATCH }),
      killGraceMs: 300,
      signal,
      note: assert.fail,
    } as unknown as InitContainersOptions);
    await containers.adopt(attempt);
    while (daemon.rounds() < 3) await delay(20);
    await containers.end(attempt);
    assert.equal(await readFile(log, 'utf8'), '[side] round\n'.repeat(daemon.rounds()));
    await attempt.pod!.log.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
