import assert from 'node:assert/strict';
import { appendFile, mkdtemp, open, readdir, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { logReply, type LogSection } from './log-stream.ts';

async function logFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'pipewright-log-'));
  const file = join(folder, '1.0.log');
  const state = { isComplete: false };
  return {
    file,
    state,
    log: { file, attempt: 0, isComplete: async () => state.isComplete },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

const TEXT = '0123456789';

interface Case {
  readonly title: string;
  readonly section: LogSection;
  readonly expected: { readonly body: string; readonly status?: number; readonly offset?: number; readonly range?: string };
}

const CASES: readonly Case[] = [
  { title: 'All of a log is read.', section: {}, expected: { body: TEXT } },
  { title: 'From an offset on.', section: { offset: 7 }, expected: { body: '789', offset: 7 } },
  { title: 'So many bytes from an offset on.', section: { offset: 2, limit: 3 }, expected: { body: '234', offset: 2 } },
  { title: 'No byte at all.', section: { limit: 0 }, expected: { body: '' } },
  { title: 'An offset behind the end reads nothing.', section: { offset: 99 }, expected: { body: '', offset: 10 } },
  { title: 'The last bytes.', section: { tail: 4 }, expected: { body: '6789', offset: 6 } },
  { title: 'More of the end than there is.', section: { tail: 400 }, expected: { body: TEXT } },
  {
    title: 'A range.',
    section: { range: 'bytes=3-5' },
    expected: { body: '345', status: 206, offset: 3, range: 'bytes 3-5/10' },
  },
  {
    title: 'The end as a range.',
    section: { range: 'bytes=-2' },
    expected: { body: '89', status: 206, offset: 8, range: 'bytes 8-9/10' },
  },
];

for (const { title, section, expected } of CASES) {
  test(title, async () => {
    await using given = await logFolder();
    await writeFile(given.file, TEXT);
    const reply = await logReply(given.log, section);
    const { body, status = 200, offset = 0, range = null } = expected;
    assert.deepEqual([reply.status, await reply.text()], [status, body]);
    assert.deepEqual(
      ['content-length', 'x-log-offset', 'x-log-size', 'content-range'].map((name) => reply.headers.get(name)),
      [String(body.length), String(offset), '10', range],
    );
  });
}

test('A range behind the end cannot be had.', async () => {
  await using given = await logFolder();
  await writeFile(given.file, TEXT);
  const reply = await logReply(given.log, { range: 'bytes=10-' });
  assert.deepEqual([reply.status, reply.headers.get('content-range')], [416, 'bytes */10']);
});

test('A log that was never written is empty.', async () => {
  await using given = await logFolder();
  const reply = await logReply(given.log, {});
  assert.deepEqual([reply.status, await reply.text(), reply.headers.get('x-log-size')], [200, '', '0']);
});

test('Who follows a log gets what is written later, until the step has ended.', async () => {
  await using given = await logFolder();
  const reply = await logReply(given.log, { follow: true });
  assert.equal(reply.headers.get('content-length'), null);
  const reader = reply.body!.pipeThrough(new TextDecoderStream()).getReader();
  const first = reader.read();
  await writeFile(given.file, 'one\n');
  assert.equal((await first).value, 'one\n');
  const second = reader.read();
  await appendFile(given.file, 'two\n');
  assert.equal((await second).value, 'two\n');
  await appendFile(given.file, 'the end\n');
  given.state.isComplete = true;
  assert.equal((await reader.read()).value, 'the end\n');
  assert.equal((await reader.read()).done, true);
});

test('What is written just before the end of a step is read too.', async () => {
  await using given = await logFolder();
  const log = {
    ...given.log,
    isComplete: async () => {
      await writeFile(given.file, 'at the last moment');
      return true;
    },
  };
  assert.equal(await (await logReply(log, { follow: true })).text(), 'at the last moment');
});

test('A log that is followed from its last bytes begins with them.', async () => {
  await using given = await logFolder();
  given.state.isComplete = true;
  await writeFile(given.file, TEXT);
  assert.equal(await (await logReply(given.log, { follow: true, tail: 3 })).text(), '789');
});

test('A log that is followed for so many bytes ends after them.', async () => {
  await using given = await logFolder();
  await writeFile(given.file, TEXT);
  assert.equal(await (await logReply(given.log, { follow: true, offset: 1, limit: 4 })).text(), '1234');
});

/** Whether this process has the file open. */
async function isOpen(file: string): Promise<boolean> {
  const links = await Promise.all((await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')));
  return links.includes(file);
}

test(
  'A client that goes closes the file, and nothing is asked for any more.',
  { skip: process.platform !== 'linux' },
  async () => {
    await using given = await logFolder();
    await writeFile(given.file, TEXT);
    let asked = 0;
    const isComplete = async () => {
      asked += 1;
      return false;
    };
    const reader = (await logReply({ ...given.log, isComplete }, { follow: true })).body!.getReader();
    await reader.read();
    assert.equal(await isOpen(given.file), true);
    const waiting = reader.read();
    await reader.cancel();
    assert.equal((await waiting).done, true);
    assert.equal(await isOpen(given.file), false);
    const before = asked;
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(asked, before);
  },
);

test('A file is closed when all of it was read.', { skip: process.platform !== 'linux' }, async () => {
  await using given = await logFolder();
  await writeFile(given.file, TEXT);
  await (await logReply(given.log, {})).text();
  assert.equal(await isOpen(given.file), false);
});

test('Who follows a log is let go when the server leaves.', async () => {
  await using given = await logFolder();
  const leaving = new AbortController();
  const text = (await logReply(given.log, { follow: true, leaving: leaving.signal })).text();
  leaving.abort();
  assert.equal(await text, '');
});

test('Of a huge log, only what is asked for is read.', async () => {
  await using given = await logFolder();
  // A hole: 64 GiB that take no room.
  const size = 64 * 2 ** 30;
  await using handle = await open(given.file, 'w');
  await handle.truncate(size);
  await handle.write(Buffer.from('end'), 0, 3, size);
  const reply = await logReply(given.log, { tail: 3 });
  assert.deepEqual([await reply.text(), reply.headers.get('x-log-offset')], ['end', String(size)]);
  const reader = (await logReply(given.log, {})).body!.getReader();
  const { value } = await reader.read();
  assert.ok(value!.byteLength <= 2 ** 20);
  await reader.cancel();
});
