import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type EventSink, eventStream } from './event-stream.ts';

function opened(signals: readonly AbortSignal[] = []) {
  let sink: EventSink | undefined;
  let stops = 0;
  const response = eventStream(signals, (given) => {
    sink = given;
    return () => {
      stops += 1;
    };
  });
  return { response, sink: sink!, stops: () => stops };
}

test('Events are sent as the browser reads them, after a comment that opens the stream.', async () => {
  const { response, sink } = opened();
  sink.send('run', { text: 'two\nlines' });
  sink.close();
  assert.equal(response.headers.get('content-type'), 'text/event-stream');
  assert.equal(await response.text(), ': open\n\nevent: run\ndata: {"text":"two\\nlines"}\n\n');
});

test('A client that goes stops the subscription, once.', async () => {
  const { response, sink, stops } = opened();
  await response.body!.cancel();
  assert.equal(stops(), 1);
  sink.send('run', {});
  sink.close();
  assert.equal(stops(), 1);
});

test('A server that leaves ends the stream.', async () => {
  const leaving = new AbortController();
  const { response, stops } = opened([leaving.signal]);
  leaving.abort();
  assert.equal(await response.text(), ': open\n\n');
  assert.equal(stops(), 1);
});

test('A stream that is asked for while the server leaves ends at once.', async () => {
  const { response, stops } = opened([AbortSignal.abort()]);
  assert.equal(await response.text(), ': open\n\n');
  assert.equal(stops(), 1);
});

test('A subscription that closes the stream while it begins is stopped.', async () => {
  let stops = 0;
  const response = eventStream([], (sink) => {
    sink.close();
    return () => {
      stops += 1;
    };
  });
  assert.equal(await response.text(), ': open\n\n');
  assert.equal(stops, 1);
});

test('A client that does not read is cut off, and what was kept for it goes.', async () => {
  const { response, sink, stops } = opened();
  const text = 'x'.repeat(1_000_000);
  let sent = 0;
  for (; stops() === 0 && sent < 100; sent += 1) sink.send('run', { text });
  assert.ok(sent > 5 && sent < 15, `${sent} MB were kept`);
  await assert.rejects(response.text(), /does not read/);
});

test('A stream that has ended leaves nothing with the signals it listened to.', async () => {
  const leaving = new AbortController();
  let listeners = 0;
  const { signal } = leaving;
  const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    listeners += 1;
    add(...args);
  };
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    listeners -= 1;
    remove(...args);
  };
  const { response } = opened([signal]);
  assert.equal(listeners, 1);
  await response.body!.cancel();
  assert.equal(listeners, 0);
});
