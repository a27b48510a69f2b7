/** An S3-compatible server of the tests' own, on a free port of loopback, with the bucket `bucket`. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { S3Endpoint } from '../../src/artifacts/s3/s3-client.ts';

interface S3rver {
  run(): Promise<AddressInfo>;
  close(): Promise<void>;
}

/** s3rver has no types. */
const S3rver = createRequire(import.meta.url)('s3rver') as new (options: Readonly<Record<string, unknown>>) => S3rver;

export const S3_KEYS = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' } as const;

export interface S3TestServer extends AsyncDisposable {
  readonly url: string;
  readonly endpoint: S3Endpoint;
  /** Ends it; it can be started again on the same port and folder. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

export async function startS3Server(): Promise<S3TestServer> {
  const directory = await mkdtemp(join(tmpdir(), 'pipewright-s3-'));
  let port = 0;
  let server: S3rver | undefined;
  const start = async () => {
    server = new S3rver({
      address: '127.0.0.1',
      port,
      silent: true,
      directory,
      configureBuckets: [{ name: 'bucket', configs: [] }],
    });
    port = (await server.run()).port;
  };
  const stop = async () => {
    const running = server;
    server = undefined;
    await running?.close();
  };
  await start();
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    endpoint: { url, region: 'us-east-1', pathStyle: true, credentials: async () => S3_KEYS },
    start,
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
