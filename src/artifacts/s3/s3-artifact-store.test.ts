import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { artifactStoreContract } from '../../../test/contract/artifact-store.contract.ts';
import { S3_KEYS, startS3Server } from '../../../test/support/s3-server.ts';
import { systemClock } from '../../base/clock.ts';
import { ProductError } from '../../base/errors.ts';
import type { ArtifactStore } from '../artifact-store.ts';
import { openS3ArtifactStore, type S3StoreOptions } from './s3-artifact-store.ts';
import type { S3Endpoint } from './s3-client.ts';
import { PART_BYTES } from './upload.ts';

const server = await startS3Server();
after(() => server[Symbol.asyncDispose]());

let stores = 0;
function open(options: Partial<S3StoreOptions> & { readonly endpoint?: Partial<S3Endpoint> } = {}): ArtifactStore {
  const endpoint = { ...server.endpoint, ...options.endpoint };
  return openS3ArtifactStore({
    clock: systemClock,
    endpointOf: () => endpoint,
    defaultPipelineRoot: `s3://bucket/store-${stores++}`,
    firstWaitMs: 5,
    ...options,
  });
}

artifactStoreContract('s3', async () => open());
artifactStoreContract('s3 with a cache', async (folder) => open({ cache: { folder: join(folder, 'cache'), maxBytes: 2 ** 20 } }));

interface Context {
  readonly store: ArtifactStore;
  readonly uri: string;
  readonly folder: string;
}

function check(title: string, body: (context: Context) => Promise<void>): void {
  test(`s3: ${title}`, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pipewright-s3-test-'));
    try {
      const store = open();
      await body({ store, uri: `${store.defaultPipelineRoot}/artifact`, folder });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}

const bytesOf = async (store: ArtifactStore, uri: string): Promise<Buffer> => buffer(await store.read(uri));
const refusal = (code: string, pattern: RegExp) => (error: unknown) =>
  error instanceof ProductError && error.code === code && pattern.test(`${error.message} ${error.hint}`);

/** A store in front of a server that answers as the test says. */
async function against(
  listener: RequestListener,
  body: (store: ArtifactStore) => Promise<void>,
  options: Partial<S3StoreOptions> = {},
) {
  const http = createServer(listener);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  try {
    await body(open({ endpoint: { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}` }, ...options }));
  } finally {
    http.closeAllConnections();
    http.close();
  }
}

check('a file of many parts arrives whole.', async ({ store, uri, folder }) => {
  const large = Buffer.alloc(2 * PART_BYTES + 12_345, 'pipewright');
  await writeFile(join(folder, 'large'), large);
  await store.adopt(join(folder, 'large'), uri);
  assert.equal(await store.size(uri), large.length);
  assert.ok((await bytesOf(store, uri)).equals(large));
  const tail = await buffer(await store.read(uri, { start: 2 * PART_BYTES, end: 2 * PART_BYTES + 9 }));
  assert.equal(tail.toString(), large.subarray(2 * PART_BYTES, 2 * PART_BYTES + 10).toString());
});

check('a folder of more objects than a page has is listed, measured and removed.', async ({ store, uri, folder }) => {
  await mkdir(join(folder, 'many'));
  await Promise.all(Array.from({ length: 1_050 }, (_, index) => writeFile(join(folder, 'many', `file-${index}`), 'x')));
  await store.adopt(join(folder, 'many'), uri);
  assert.equal(await store.size(uri), 1_050);
  await store.remove(uri);
  assert.equal(await store.exists(uri), false);
});

check('an empty folder is an artifact.', async ({ store, uri, folder }) => {
  await mkdir(join(folder, 'empty'));
  await store.adopt(join(folder, 'empty'), uri);
  assert.equal(await store.exists(uri), true);
  assert.equal(await store.size(uri), 0);
  await store.materialise(uri, join(folder, 'in'));
});

check('a link out of the step’s folder is not sent.', async ({ store, uri, folder }) => {
  await writeFile(join(folder, 'secret'), 'secret');
  await mkdir(join(folder, 'out'));
  await symlink('../secret', join(folder, 'out', 'link'));
  await assert.rejects(store.adopt(join(folder, 'out', 'link'), uri), refusal('INVALID_ARGUMENTS', /link out of its folder/));
  await writeFile(join(folder, 'out', 'plain'), 'plain');
  await store.adopt(join(folder, 'out'), uri);
  assert.equal(await store.exists(`${uri}/link`), false);
  assert.equal((await bytesOf(store, `${uri}/plain`)).toString(), 'plain');
});

check('what a step has changed in place is fetched again.', async ({ folder }) => {
  const store = open({ cache: { folder: join(folder, 'cache'), maxBytes: 2 ** 20 } });
  const uri = `${store.defaultPipelineRoot}/model`;
  await writeFile(join(folder, 'model'), 'as written');
  await store.adopt(join(folder, 'model'), uri);
  await store.materialise(uri, join(folder, 'first'));
  await writeFile(join(folder, 'first'), 'overwritten by a step');
  await store.materialise(uri, join(folder, 'second'));
  assert.equal(await readFile(join(folder, 'second'), 'utf8'), 'as written');
});

check('URIs of whole buckets, with dots or of nothing that is configured are refused.', async ({ store, folder }) => {
  assert.equal(store.handles('s3://bucket/a/../b'), false);
  assert.equal(store.handles('https://bucket/a'), false);
  await assert.rejects(store.exists('s3://bucket/a/../b'), refusal('INVALID_ARGUMENTS', /segment/));
  await assert.rejects(store.remove('s3://bucket/'), refusal('INVALID_ARGUMENTS', /whole bucket/));
  await assert.rejects(store.adopt(folder, 's3://bucket'), refusal('INVALID_ARGUMENTS', /whole bucket/));
  const unconfigured = open({ endpointOf: () => undefined });
  assert.equal(unconfigured.handles('gs://bucket/a'), false);
  await assert.rejects(unconfigured.read('gs://bucket/a'), refusal('FAILED_PRECONDITION', /HMAC keys.*kfp-launcher/s));
});

check('a bucket that does not exist and wrong credentials are told apart from a missing artifact.', async ({ store, folder }) => {
  await writeFile(join(folder, 'file'), 'x');
  const noBucket = refusal('FAILED_PRECONDITION', /no such bucket/);
  await assert.rejects(store.exists('s3://elsewhere/a'), noBucket);
  await assert.rejects(store.read('s3://elsewhere/a'), noBucket);
  await assert.rejects(store.adopt(join(folder, 'file'), 's3://elsewhere/a'), noBucket);
  const stranger = open({ endpoint: { credentials: async () => ({ ...S3_KEYS, accessKeyId: 'unknown' }) } });
  const wrong = refusal('FAILED_PRECONDITION', /credentials are wrong.*AWS_ACCESS_KEY_ID/s);
  await assert.rejects(stranger.exists('s3://bucket/a'), wrong);
  await assert.rejects(stranger.read('s3://bucket/a'), wrong);
  await assert.rejects(stranger.adopt(join(folder, 'file'), 's3://bucket/a'), wrong);
});

for (const [said, explained] of [
  [{ status: 403, xml: '<Code>SignatureDoesNotMatch</Code>' }, /credentials are wrong/],
  [{ status: 400, xml: '<Code>ExpiredToken</Code>' }, /credentials have expired/],
  [{ status: 403, xml: '<Code>AccessDenied</Code>' }, /access was denied.*right to list/s],
  [{ status: 400, xml: '<Code>AuthorizationHeaderMalformed</Code><Region>eu-west-3</Region>' }, /set the region to eu-west-3/],
  [{ status: 405, xml: '<Message>no &lt;such&gt; method</Message>' }, /said "no <such> method"/],
] as const) {
  check(`${said.xml} is explained, whatever was asked.`, () =>
    against(
      (_request, response) => response.writeHead(said.status).end(said.xml),
      async (store) => {
        for (const ask of [store.exists, store.size, store.read])
          await assert.rejects(ask('s3://bucket/a'), refusal('FAILED_PRECONDITION', explained));
      },
    ),
  );
}

check('a range is answered also where the store sends everything.', async () => {
  await against(
    (_request, response) => response.end('0123456789'),
    async (store) => {
      const some = await buffer(await store.read('s3://bucket/a', { start: 3, end: 5 }));
      assert.equal(some.toString(), '345');
    },
  );
});

check('a clock that is wrong is named with the difference.', async () => {
  const clock = { ...systemClock, now: () => systemClock.now() - 3_600_000 };
  await assert.rejects(
    open({ clock }).read('s3://bucket/a'),
    refusal('FAILED_PRECONDITION', /clock of this machine differs by 3\d{3} s/),
  );
});

check('a store that cannot be reached is named with its address.', async () => {
  await against(
    (_request, response) => response.destroy(),
    async (store) => {
      await assert.rejects(store.read('s3://bucket/a'), refusal('UNAVAILABLE', /http:\/\/127\.0\.0\.1:\d+ cannot be reached/));
    },
  );
});

check('a store that says nothing is given up.', async () => {
  await against(
    () => {},
    async (store) => {
      await assert.rejects(store.exists('s3://bucket/a'), refusal('UNAVAILABLE', /cannot be reached \(ETIMEDOUT\)/));
    },
    { idleTimeoutMs: 50, tries: 2 },
  );
});

check('faults of the store are waited out, and told when they last.', async () => {
  let faults = 3;
  await against(
    (_request, response) => {
      faults -= 1;
      response.writeHead(faults >= 0 ? 503 : 200, { 'content-length': 2 }).end(faults >= 0 ? '--' : 'ok');
    },
    async (store) => {
      assert.equal((await bytesOf(store, 's3://bucket/a')).toString(), 'ok');
      faults = 1_000;
      await assert.rejects(store.read('s3://bucket/a'), refusal('UNAVAILABLE', /fault of its own .*HTTP status 503/));
    },
  );
});

check('a read that breaks off goes on where it was.', async () => {
  const content = Buffer.alloc(100_000, '0123456789');
  const asked: (string | undefined)[] = [];
  await against(
    ({ headers }, response) => {
      asked.push(headers.range);
      const start = Number(/^bytes=(\d+)-/.exec(headers.range ?? '')?.[1] ?? 0);
      response.writeHead(start > 0 ? 206 : 200, { 'content-length': content.length - start, etag: '"1"' });
      if (start > 0) response.end(content.subarray(start));
      else response.write(content.subarray(0, 40_000), () => response.destroy());
    },
    async (store) => assert.ok((await bytesOf(store, 's3://bucket/a')).equals(content)),
  );
  assert.deepEqual([asked[0], asked.length], [undefined, 2]);
});

check('an upload whose parts are refused is called off.', async ({ folder }) => {
  await writeFile(join(folder, 'large'), Buffer.alloc(PART_BYTES + 1));
  const seen: string[] = [];
  await against(
    (request, response) => {
      seen.push(request.method!);
      request.resume().on('end', () => {
        if (request.method === 'POST') response.end('<UploadId>7</UploadId>');
        else response.writeHead(request.method === 'DELETE' ? 204 : 403).end();
      });
    },
    (store) =>
      assert.rejects(store.adopt(join(folder, 'large'), 's3://bucket/a'), refusal('FAILED_PRECONDITION', /access was denied/)),
  );
  assert.equal(seen.at(-1), 'DELETE');
});
