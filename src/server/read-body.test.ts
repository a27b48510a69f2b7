import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bodyText, readBody, readUpload } from './read-body.ts';

const post = (body: RequestInit['body'], headers: Record<string, string> = {}) =>
  new Request('http://localhost/', { method: 'POST', body, headers, duplex: 'half' } as RequestInit);

/** A body that comes in pieces, and says how many of them were asked for. */
function pieces(sizes: readonly number[]) {
  let taken = 0;
  let isCanceled = false;
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const size = sizes[taken];
        if (size === undefined) return controller.close();
        taken += 1;
        controller.enqueue(new Uint8Array(size).fill(97));
      },
      cancel() {
        isCanceled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { stream, taken: () => taken, isCanceled: () => isCanceled };
}

test('A body of several pieces is put together.', async () => {
  const bytes = await readBody(post(pieces([3, 4, 5]).stream), 12);
  assert.equal(Buffer.from(bytes).toString(), 'a'.repeat(12));
});

test('A request without a body has an empty one.', async () => {
  assert.equal((await readBody(post(null))).byteLength, 0);
});

test('A body that is longer than allowed is not read to its end.', async () => {
  const body = pieces([600, 600, 600, 600]);
  await assert.rejects(readBody(post(body.stream), 1024), { code: 'TOO_LARGE' });
  assert.deepEqual([body.taken(), body.isCanceled()], [2, true]);
});

test('A body that says it is longer than allowed is not read at all.', async () => {
  const body = pieces([1]);
  const request = post(body.stream, { 'content-length': String(33 * 2 ** 20) });
  await assert.rejects(readBody(request), { code: 'TOO_LARGE', message: 'the request is larger than 32 MiB' });
  assert.equal(body.taken(), 0);
});

test('Text that is not UTF-8 is refused.', () => {
  assert.equal(bodyText(Buffer.from('é')), 'é');
  assert.throws(() => bodyText(Uint8Array.of(0xc3, 0x28)), { code: 'INVALID_USAGE', message: /not UTF-8/ });
});

function form(name: string, content: Blob | string, fileName?: string): Request {
  const data = new FormData();
  if (typeof content === 'string') data.append(name, content);
  else data.append(name, content, fileName);
  return post(data);
}

for (const [sent, expected] of [
  ['pipeline.yaml', 'pipeline.yaml'],
  ['some/folder/pipeline.yaml', 'pipeline.yaml'],
  ['C:\\folder\\pipeline.yaml', 'pipeline.yaml'],
  ['../../etc/passwd', 'passwd'],
  ['naïve ☕.yaml', 'naïve ☕.yaml'],
] as const) {
  test(`A file sent as ${JSON.stringify(sent)} is called ${expected}.`, async () => {
    const { content, fileName } = await readUpload(form('uploadfile', new Blob(['a: 1']), sent));
    assert.deepEqual([Buffer.from(content).toString(), fileName], ['a: 1', expected]);
  });
}

test('Bytes come as they were sent.', async () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
  const { content } = await readUpload(form('uploadfile', new Blob([bytes]), 'p.zip'));
  assert.deepEqual(content, bytes);
});

test('A part that is no file has no name.', async () => {
  const { content, fileName } = await readUpload(form('uploadfile', 'a: 1'));
  assert.deepEqual([Buffer.from(content).toString(), fileName], ['a: 1', '']);
});

const multipart = { 'content-type': 'multipart/form-data; boundary=x' };
const part = '--x\r\ncontent-disposition: form-data; name="uploadfile"; filename="p"\r\n\r\na: 1\r\n';

for (const [title, request, message] of [
  ['Another part', () => form('file', new Blob(['a']), 'p'), /no such file: the form has no part "uploadfile"/],
  ['Another type of body', () => post('a: 1', { 'content-type': 'application/yaml' }), /an upload is multipart\/form-data/],
  ['No type at all', () => post(Uint8Array.of(1)), /an upload is multipart\/form-data/],
  ['A form without its boundary', () => post(part, { 'content-type': 'multipart/form-data' }), /an upload is multipart/],
  ['A form with another boundary', () => post(part.replaceAll('--x', '--y'), multipart), /cannot be read/],
  ['A form that is cut short', () => post(part, multipart), /cannot be read/],
  ['An empty form', () => post('', multipart), /cannot be read|no part/],
] as const) {
  test(`${title} is refused.`, async () => {
    await assert.rejects(readUpload(request()), { code: 'INVALID_USAGE', message });
  });
}
