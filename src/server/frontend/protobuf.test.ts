import assert from 'node:assert/strict';
import { test } from 'node:test';
import { intsOf, ProtoWriter, readProto, structMessage, textOf } from './protobuf.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));

for (const [title, writer, expected] of [
  ['A small number is one byte.', new ProtoWriter().int(1, 1), '0801'],
  ['Zero is written: it is told from absence.', new ProtoWriter().int(1, 0), '0800'],
  ['A number of two bytes has its low bits first.', new ProtoWriter().int(1, 150), '089601'],
  ['A time in milliseconds is written.', new ProtoWriter().int(2, 1_780_000_000_000), '1080909282e733'],
  ['The largest number that is exact is written.', new ProtoWriter().int(1, 2 ** 53 - 1), '08ffffffffffffff0f'],
  ['A field number above 15 has a tag of two bytes.', new ProtoWriter().int(16, 1), '800101'],
  ['A text is its UTF-8 with its length.', new ProtoWriter().text(2, 'é'), '1202c3a9'],
  ['What is absent is not written.', new ProtoWriter().int(1, undefined).text(2, undefined).message(3, undefined), ''],
  ['A message is written with its length.', new ProtoWriter().message(3, new ProtoWriter().int(1, 150)), '1a03089601'],
  ['A double is eight bytes.', new ProtoWriter().double(4, 1.5), '21000000000000f83f'],
] as const) {
  test(title, () => assert.equal(hex(writer.finish()), expected));
}

test('What was written is read again.', () => {
  const fields = readProto(
    new ProtoWriter()
      .int(1, 2 ** 52)
      .text(2, 'a ☕')
      .int(1, 7)
      .double(3, -0.5)
      .finish(),
  );
  assert.deepEqual(fields.get(1), [2 ** 52, 7]);
  assert.equal(textOf(fields, 2), 'a ☕');
  assert.equal(Buffer.from(fields.get(3)![0] as Uint8Array).readDoubleLE(), -0.5);
});

test('Repeated numbers are read packed and one by one.', () => {
  assert.deepEqual(intsOf(readProto(bytes('0a0401960102')), 1), [1, 150, 2]);
  assert.deepEqual(intsOf(readProto(bytes('080108960108020a0103')), 1), [1, 150, 2, 3]);
  assert.deepEqual(intsOf(readProto(bytes('')), 1), []);
});

test('Of a text that comes several times, the last counts; a number is no text.', () => {
  assert.equal(textOf(readProto(bytes('0a01610a0162')), 1), 'b');
  assert.equal(textOf(readProto(bytes('0805')), 1), '');
});

test('Fields of four bytes are passed over.', () => {
  assert.deepEqual(intsOf(readProto(bytes('15000000000801')), 1), [1]);
});

for (const [title, message] of [
  ['ends within a number', '0896'],
  ['ends within its tag', '80'],
  ['ends within a text', '0a0561'],
  ['ends within a double', '210000'],
  ['says that a text is longer than anything', '0affffffffffffffff7f'],
  ['has a number without an end', `08${'ff'.repeat(20)}`],
  ['has a group', '0b0c'],
] as const) {
  test(`A message that ${title} is refused.`, () => assert.throws(() => readProto(bytes(message)), RangeError));
}

test('JSON is written as google.protobuf.Struct.', () => {
  const struct = readProto(structMessage({ a: null, b: [true, 'x', 1.5, {}] }).finish());
  const entries = (struct.get(1) as Uint8Array[]).map((entry) => readProto(entry));
  assert.deepEqual(
    entries.map((entry) => textOf(entry, 1)),
    ['a', 'b'],
  );
  assert.equal(hex(entries[0]!.get(2)![0] as Uint8Array), '0800');
  const list = readProto(readProto(entries[1]!.get(2)![0] as Uint8Array).get(6)![0] as Uint8Array);
  assert.deepEqual((list.get(1) as Uint8Array[]).map(hex), ['2001', '1a0178', '11000000000000f83f', '2a00']);
});
