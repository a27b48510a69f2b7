import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import type { App } from './app.ts';
import { pipelineFromUrl } from './pipeline-url.ts';

async function origin(answer: RequestListener) {
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: () => asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const appThatMay = (...pipelineOrigins: readonly string[]) => ({ pipelineOrigins }) as unknown as App;

test('A file is fetched from an origin that is allowed, and called as in its path.', async () => {
  await using files = await origin((_request, response) => response.end('a: 1'));
  const { content, fileName, packageUrl } = await pipelineFromUrl(appThatMay(files.url), `${files.url}/folder/p.yaml?raw=1`);
  assert.deepEqual(
    [Buffer.from(content).toString(), fileName, packageUrl],
    ['a: 1', 'p.yaml', `${files.url}/folder/p.yaml?raw=1`],
  );
});

test('No other origin is asked at all.', async () => {
  await using files = await origin((_request, response) => response.end('a: 1'));
  const fetched = pipelineFromUrl(appThatMay('https://github.com'), `${files.url}/p.yaml`);
  await assert.rejects(fetched, { code: 'INVALID_ARGUMENTS', message: /is not among the origins/, hint: /--pipeline-origin/ });
  assert.equal(files.asked(), 0);
});

test('A redirect is not followed: it may lead where only the server gets.', async () => {
  await using secret = await origin((_request, response) => response.end('secret'));
  await using files = await origin((_request, response) => response.writeHead(302, { location: secret.url }).end());
  const fetched = pipelineFromUrl(appThatMay(files.url, secret.url), `${files.url}/p.yaml`);
  await assert.rejects(fetched, { code: 'UNAVAILABLE', hint: /does not redirect/ });
  assert.equal(secret.asked(), 0);
});

test('A file that is too large is not read to its end.', async () => {
  let written = 0;
  await using files = await origin((_request, response) => {
    const write = () => {
      written += 1;
      if (response.destroyed || written > 100) return void response.end();
      response.write(Buffer.alloc(2 ** 20), write);
    };
    write();
  });
  await assert.rejects(pipelineFromUrl(appThatMay(files.url), `${files.url}/p.yaml`), {
    code: 'TOO_LARGE',
    message: /larger than 32 MiB/,
  });
});

test('An answer that is no success is told with its status.', async () => {
  await using files = await origin((_request, response) => response.writeHead(404).end('not here'));
  await assert.rejects(pipelineFromUrl(appThatMay(files.url), `${files.url}/p.yaml`), {
    code: 'INVALID_ARGUMENTS',
    message: /answered 404/,
  });
});

for (const url of [undefined, '', 'p.yaml', 'http://']) {
  test(`${JSON.stringify(url) ?? 'No URL'} is no URL to fetch from.`, async () => {
    await assert.rejects(pipelineFromUrl(appThatMay(), url), { code: 'INVALID_ARGUMENTS', message: /empty or invalid/ });
  });
}

for (const url of [
  'file:///etc/hosts',
  'data:text/plain,a',
  'https://github.com@example.org/p.yaml',
  'http://github.com/p.yaml',
]) {
  test(`${url} is not among what is allowed.`, async () => {
    await assert.rejects(pipelineFromUrl(appThatMay('https://github.com'), url), { message: /is not among the origins/ });
  });
}
