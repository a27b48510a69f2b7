import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closeServer, listen, urlOf } from './listen.ts';

const HOST = '127.0.0.1';

test('An answer that is under way is finished when the server stops, and its connection is closed then.', async () => {
  const { promise: asked, resolve: hear } = Promise.withResolvers<void>();
  const { promise: answered, resolve: answer } = Promise.withResolvers<Response>();
  const server = await listen(
    () => {
      hear();
      return answered;
    },
    { host: HOST, port: 0 },
  );
  const reply = fetch(urlOf(server, HOST));
  await asked;
  const beganMs = performance.now();
  const closed = closeServer(server);
  answer(new Response('done'));
  assert.equal(await (await reply).text(), 'done');
  await closed;
  assert.ok(performance.now() - beganMs < 2_500);
});

test('A connection that is kept for later does not hold up the stop.', async () => {
  const server = await listen(() => new Response('done'), { host: HOST, port: 0 });
  await (await fetch(urlOf(server, HOST))).text();
  const beganMs = performance.now();
  await closeServer(server);
  assert.ok(performance.now() - beganMs < 2_500);
});

test('A port that is in use is told, with what to do.', async () => {
  const server = await listen(() => new Response(), { host: HOST, port: 0 });
  const port = Number(new URL(urlOf(server, HOST)).port);
  await assert.rejects(
    listen(() => new Response(), { host: HOST, port }),
    { code: 'CONFLICT', message: `port ${port} of ${HOST} is in use`, hint: /--port/ },
  );
  await closeServer(server);
});

test('An IPv6 address is in brackets in a URL.', async () => {
  const server = await listen(() => new Response(), { host: HOST, port: 0 });
  assert.match(urlOf(server, '::1'), /^http:\/\/\[::1\]:\d+$/);
  await closeServer(server);
});
