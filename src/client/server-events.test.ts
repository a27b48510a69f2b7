import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serverEvents, type ServerEvent } from './server-events.ts';

async function* chunks(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text, 'latin1');
}

async function read(...texts: readonly string[]): Promise<ServerEvent[]> {
  const events: ServerEvent[] = [];
  for await (const event of serverEvents(chunks(...texts))) events.push(event);
  return events;
}

test('events have a name, data of several lines and an id', async () => {
  assert.deepEqual(await read('id: 7\nevent: run\ndata: a\ndata:b\n\n'), [{ event: 'run', data: 'a\nb', id: '7' }]);
});

test('an event may arrive in pieces, also within a character and a line end', async () => {
  const text = Buffer.from('event: run\r\ndata: ä\r\n\r\n').toString('latin1');
  for (let at = 1; at < text.length; at += 1) {
    assert.deepEqual(await read(text.slice(0, at), text.slice(at)), [{ event: 'run', data: 'ä', id: '' }], `cut at ${at}`);
  }
});

test('comments and events without data are skipped, and so is one that the end cuts off', async () => {
  assert.deepEqual(await read(': heartbeat\n\nevent: x\n\ndata: 1\n\ndata: 2\n'), [{ event: 'message', data: '1', id: '' }]);
});
