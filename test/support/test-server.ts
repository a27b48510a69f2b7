/** A server of its own for a test: free port, empty data folder, steps that succeed at once unless told otherwise. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '../../src/base/json.ts';
import { openServer, type RunningServer, type ServeOptions } from '../../src/serve.ts';

export interface TestServer extends AsyncDisposable {
  readonly server: RunningServer;
  readonly url: string;
  call(method: string, path: string, body?: JsonObject | string): Promise<Reply>;
  upload(path: string, content: string | Uint8Array, fileName?: string): Promise<Reply>;
  /** Polls until the run has ended; rejects after 30 s. */
  ended(runId: string): Promise<JsonObject>;
}

export interface Reply {
  readonly status: number;
  readonly json: JsonObject;
  readonly headers: Headers;
}

export async function testServer(options: Partial<ServeOptions> = {}): Promise<TestServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'pipewright-server-'));
  const errors: unknown[] = [];
  const server = await openServer({
    dataDir,
    port: 0,
    executor: 'nope',
    onError: (error) => errors.push(error),
    ...options,
  }).catch(async (error: unknown) => {
    await rm(dataDir, { recursive: true });
    throw error;
  });
  const call = async (method: string, path: string, body?: JsonObject | string): Promise<Reply> =>
    replyOf(
      await fetch(server.url + path, {
        method,
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    );
  return {
    server,
    url: server.url,
    call,
    async upload(path, content, fileName = 'pipeline.yaml') {
      const form = new FormData();
      form.append('uploadfile', new Blob([content as Uint8Array<ArrayBuffer>]), fileName);
      return replyOf(await fetch(server.url + path, { method: 'POST', body: form }));
    },
    async ended(runId) {
      for (let tries = 0; tries < 600; tries += 1) {
        const { json } = await call('GET', `/apis/v2beta1/runs/${runId}`);
        if (['SUCCEEDED', 'FAILED', 'CANCELED'].includes(json['state'] as string)) return json;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      throw new Error(`run ${runId} did not end`);
    },
    async [Symbol.asyncDispose]() {
      await server.close();
      await rm(dataDir, { recursive: true, force: true });
      if (errors.length > 0) throw new AggregateError(errors, 'the server met bugs');
    },
  };
}

async function replyOf(response: Response): Promise<Reply> {
  const text = await response.text();
  const json = /json/.test(response.headers.get('content-type') ?? '') ? (JSON.parse(text) as JsonObject) : { text };
  return { status: response.status, json, headers: response.headers };
}
