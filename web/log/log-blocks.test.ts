import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BLOCK_BYTES, LogBlocks, MAX_LINE_BYTES } from './log-blocks.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array | undefined): string | undefined => bytes && new TextDecoder().decode(bytes);

function load(log: LogBlocks, bytes: Uint8Array, ...blocks: number[]): void {
  log.grow(bytes.length);
  for (const block of blocks) {
    const { offset, limit } = log.rangeOf(block);
    log.put(block, bytes.subarray(offset, offset + limit));
  }
}
const many = (count: number): Uint8Array =>
  encode(Array.from({ length: count }, (_, index) => `line ${index} of the log\n`).join(''));
const all = (log: LogBlocks): (string | undefined)[] =>
  Array.from({ length: log.rowCount }, (_, row) => decode(log.lineAt(row)?.bytes));

test('a small log is its lines, the last one with or without a newline', () => {
  for (const text of ['one\ntwo\nthree', 'one\ntwo\nthree\n']) {
    const log = new LogBlocks();
    load(log, encode(text), 0);
    assert.deepEqual(all(log), ['one', 'two', 'three']);
    assert.equal(log.lineAt(2)!.number, 3);
  }
});

test('an empty log has no rows', () => assert.equal(new LogBlocks().rowCount, 0));

test('the end of a long log is read without its beginning; the number of rows before it is a guess', () => {
  const bytes = many(100_000);
  const log = new LogBlocks();
  log.grow(bytes.length);
  const last = log.blockOf(bytes.length - 1);
  load(log, bytes, last);
  assert.equal(decode(log.lineAt(log.rowCount - 1)!.bytes), 'line 99999 of the log');
  assert.equal(log.lineAt(log.rowCount - 1)!.number, undefined);
  assert.equal(log.lineAt(0), undefined);
  assert.ok(Math.abs(log.rowCount - 100_000) < 5_000, `guessed ${log.rowCount}`);
});

test('with all blocks loaded every line is there once and has its number', () => {
  const bytes = many(40_000);
  const log = new LogBlocks();
  log.grow(bytes.length);
  const blocks = Array.from({ length: log.blockOf(bytes.length) + 1 }, (_, index) => index);
  load(log, bytes, ...blocks.toReversed());
  assert.ok(blocks.length > 3);
  assert.deepEqual(all(log), new TextDecoder().decode(bytes).trimEnd().split('\n'));
  assert.equal(log.lineAt(39_999)!.number, 40_000);
});

test('a line is found again by the place of its bytes', () => {
  const bytes = many(40_000);
  const log = new LogBlocks();
  load(log, bytes, 0, 1, 2, 3);
  const line = log.lineAt(20_000)!;
  assert.equal(log.rowOf(line.offset), 20_000);
  assert.equal(log.rowOf(line.offset + 5), 20_000);
});

test('what is written while it is read appears, also in the middle of a line and across blocks', () => {
  const bytes = many(30_000);
  const log = new LogBlocks();
  for (let at = 0; at < bytes.length; at += 100_003) log.append(bytes.subarray(at, at + 100_003));
  assert.equal(log.size, bytes.length);
  assert.deepEqual(all(log), new TextDecoder().decode(bytes).trimEnd().split('\n'));
});

test('an endless line is cut, and what follows it is not lost', () => {
  const log = new LogBlocks();
  load(log, encode(`${'x'.repeat(BLOCK_BYTES * 2)}\nafter\n`), 0, 1, 2);
  assert.equal(log.rowCount, 2);
  assert.equal(log.lineAt(0)!.bytes.length, MAX_LINE_BYTES);
  assert.ok(log.lineAt(0)!.isCut);
  assert.equal(decode(log.lineAt(1)!.bytes), 'after');
});

test('only blocks that are looked at are asked for', () => {
  const bytes = many(100_000);
  const log = new LogBlocks();
  load(log, bytes, log.blockOf(0));
  assert.deepEqual(log.missing(0, 10), []);
  assert.equal(log.missing(log.rowCount - 5, log.rowCount - 1).length, 1);
});
