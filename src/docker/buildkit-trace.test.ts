import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildKitTrace } from './buildkit-trace.ts';

/** A field of text or of a message; both have their length before them. */
function field(number: number, content: string | Buffer): Buffer {
  const bytes = Buffer.from(content);
  assert(bytes.length < 128);
  return Buffer.concat([Buffer.from([number * 8 + 2, bytes.length]), bytes]);
}

const NUMBER = Buffer.from([4 * 8, 1]);

test('a vertex is named once, when it starts or comes from the cache; what its program prints follows', () => {
  const waiting = field(1, Buffer.concat([field(1, 'sha256:a'), field(3, '[1/2] FROM alpine')]));
  const started = field(1, Buffer.concat([field(1, 'sha256:a'), field(3, '[1/2] FROM alpine'), field(5, 'now')]));
  const cached = field(1, Buffer.concat([field(1, 'sha256:b'), field(3, '[2/2] RUN x'), NUMBER]));
  const log = field(3, Buffer.concat([field(1, 'sha256:b'), Buffer.from([3 * 8, 1]), field(4, 'hello\n')]));
  const trace = buildKitTrace();
  const said = [waiting, started, started, Buffer.concat([cached, log])].map((bytes) => trace.add(bytes.toString('base64')));
  assert.deepEqual(said, ['', '[1/2] FROM alpine\n', '', '[2/2] RUN x\nhello\n']);
});

test('what is cut off or no such message gives no text, and no error', () => {
  const trace = buildKitTrace();
  for (const text of ['', 'AA==', '////', 'CoABCg==']) assert.equal(typeof trace.add(text), 'string');
});
