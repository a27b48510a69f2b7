import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LogFrames } from './log-frames.ts';

const frame = (stream: number, text: string): Buffer => {
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
};

test('frames come out whole, however the stream is cut', () => {
  const stream = Buffer.concat([frame(1, 'one\n'), frame(2, ''), frame(2, 'two\n'), frame(1, 'x'.repeat(1000))]);
  for (const size of [1, 3, 8, 9, 100, stream.length]) {
    const frames = new LogFrames();
    const payloads: Buffer[] = [];
    for (let at = 0; at < stream.length; at += size) payloads.push(...frames.take(stream.subarray(at, at + size)));
    assert.equal(Buffer.concat(payloads).toString(), `one\ntwo\n${'x'.repeat(1000)}`, `chunks of ${size}`);
    assert.equal(payloads.length, 4);
  }
});

test('a frame that is cut off is held back', () => {
  const frames = new LogFrames();
  assert.deepEqual(frames.take(frame(1, 'whole').subarray(0, 10)), []);
});

test('the line end that a long line has lost is put back once its stream goes on', () => {
  const piece = 'x'.repeat(16 * 1024);
  const rows: readonly (readonly [Buffer[], string])[] = [
    [[frame(1, piece), frame(1, 'end'), frame(1, 'next\n')], `${piece}end\nnext\n`],
    [[frame(1, piece), frame(1, 'end'), frame(2, 'other\n'), frame(1, 'next\n')], `${piece}endother\n\nnext\n`],
    [[frame(1, piece), frame(1, piece), frame(1, 'end\n'), frame(1, 'last')], `${piece}${piece}end\nlast`],
  ];
  for (const [stream, expected] of rows) {
    const frames = new LogFrames({ losesLineEnds: true });
    assert.equal(Buffer.concat(frames.take(Buffer.concat(stream))).toString(), expected);
  }
});

test("what the daemon says of its own is none of the container's output", () => {
  const frames = new LogFrames({ losesLineEnds: true });
  assert.equal(frames.complaint, undefined);
  const stream = Buffer.concat([frame(1, 'one\n'), frame(3, 'Error grabbing logs: unexpected EOF\n'), frame(1, 'two')]);
  assert.equal(Buffer.concat(frames.take(stream)).toString(), 'one\ntwo');
  assert.equal(frames.complaint, 'Error grabbing logs: unexpected EOF');
});
