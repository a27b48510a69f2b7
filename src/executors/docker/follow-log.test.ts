import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openDockerApi } from '../../docker/docker-api.ts';
import { AppendedLog, followLog, type LogSink } from './follow-log.ts';

const STDOUT = 1;
const DAEMON = 3;

function frame(stream: number, text: string): Buffer {
  const header = Buffer.alloc(8, 0);
  header[0] = stream;
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
}

/** What comes of a log whose daemon answers so. */
async function followed(answers: { readonly whole: Buffer; readonly last: Buffer }) {
  const folder = mkdtempSync(join(tmpdir(), 'pipewright-follow-'));
  const server = createServer((request, response) => {
    response
      .writeHead(200, { server: 'Docker/20.10.24 (linux)' })
      .end(request.url!.includes('tail') ? answers.last : answers.whole);
  });
  await new Promise<void>((resolve) => server.listen(join(folder, 'docker.sock'), resolve));
  const api = openDockerApi(`unix://${join(folder, 'docker.sock')}`);
  try {
    const log = new AppendedLog(join(folder, 'log'));
    const problem = await followLog(api, 'container', { log, signal: new AbortController().signal });
    return { problem, log: readFileSync(join(folder, 'log'), 'utf8') };
  } finally {
    api.close();
    server.close();
    rmSync(folder, { recursive: true });
  }
}

test('a log that the daemon cannot read to its end has only what the step printed, and that is said.', async () => {
  const complaint = frame(DAEMON, 'Error grabbing logs: unexpected EOF\n');
  const [one, two] = [frame(STDOUT, 'one\n'), frame(STDOUT, 'two\n')];
  const said = /^the log is incomplete, since the Docker daemon cannot read .*: Error grabbing logs: unexpected EOF$/;
  const begun = await followed({ whole: Buffer.concat([one, complaint]), last: complaint });
  assert.equal(begun.log, 'one\n');
  assert.match(begun.problem!, said);
  // It is noticed as well if only the second look meets it.
  const late = await followed({ whole: one, last: Buffer.concat([one, complaint]) });
  assert.equal(late.log, 'one\n');
  assert.match(late.problem!, said);
  const whole = await followed({ whole: Buffer.concat([one, two]), last: two });
  assert.deepEqual(whole, { problem: undefined, log: 'one\ntwo\n' });
});

test('a daemon that goes on following a container that has ended is left, and nothing of the output is lost.', async () => {
  const [one, two] = [frame(STDOUT, 'one\n'), frame(STDOUT, 'two\n')];
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'http://podman');
    response.writeHead(200, { server: 'Libpod/4.3.1 (linux)' });
    if (pathname.endsWith('/wait')) response.end('{"StatusCode":0}');
    else if (searchParams.has('follow')) response.write(one);
    else response.end(searchParams.has('tail') ? two : Buffer.concat([one, two]));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const api = openDockerApi(`tcp://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const printed: Buffer[] = [];
  const log: LogSink = { write: async (some) => void printed.push(...some), close: async () => {}, problem: () => undefined };
  try {
    assert.equal(await followLog(api, 'container', { log, signal: new AbortController().signal }), undefined);
    assert.equal(Buffer.concat(printed).toString(), 'one\ntwo\n');
  } finally {
    api.close();
    server.closeAllConnections();
    server.close();
  }
});
