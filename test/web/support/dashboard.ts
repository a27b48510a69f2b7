/** The dashboard as it is built, served by a real server with an empty data folder, in a real browser. */
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { buildWeb } from '../../../scripts/build-web.ts';
import type { JsonObject } from '../../../src/base/json.ts';
import type { ServeOptions } from '../../../src/serve.ts';
import { type TestServer, testServer } from '../../support/test-server.ts';
import { chromiumPath, openBrowser } from './browser.ts';

export interface Dashboard {
  /** Set before the first test. */
  readonly server: TestServer;
  /** Opens a page in a window of its own; what it reports as an error fails the test that closes it. */
  open(path: string, options?: BrowserContextOptions): Promise<OpenPage>;
  /** Ids of a pipeline and its version, uploaded under this name. */
  upload(name: string, pipeline: JsonObject): Promise<{ readonly pipelineId: string; readonly versionId: string }>;
  /** Starts a run and gives its id. */
  start(name: string, pipelineId: string, parameters?: JsonObject): Promise<string>;
}

export interface OpenPage extends AsyncDisposable {
  readonly page: Page;
}

/** The machine may have much else to do. */
const DEFAULT_TIMEOUT_MS = 20_000;

/** Starts server and browser before the tests of a file, and ends both after them. */
export function dashboard(options: Partial<ServeOptions> = {}): Dashboard {
  let server: TestServer;
  let browser: Browser;
  before(async () => {
    if (chromiumPath === undefined) return;
    const { folder } = await buildWeb();
    [server, browser] = await Promise.all([testServer({ webDir: folder, executor: 'process', ...options }), openBrowser()]);
  });
  after(async () => {
    await browser?.close();
    await server?.[Symbol.asyncDispose]();
  });
  return {
    get server() {
      return server;
    },
    open: async (path, contextOptions) => await openPage(browser, server.url + path, contextOptions),
    async upload(name, pipeline) {
      const { json } = await server.upload(
        `/apis/v2beta1/pipelines/upload?name=${encodeURIComponent(name)}`,
        JSON.stringify(pipeline),
      );
      const pipelineId = json['pipeline_id'] as string;
      const versions = await server.call('GET', `/apis/v2beta1/pipelines/${pipelineId}/versions`);
      const [version] = versions.json['pipeline_versions'] as unknown as readonly [{ readonly pipeline_version_id: string }];
      return { pipelineId, versionId: version.pipeline_version_id };
    },
    async start(name, pipelineId, parameters = {}) {
      const { json, status } = await server.call('POST', '/apis/v2beta1/runs', {
        display_name: name,
        pipeline_version_reference: { pipeline_id: pipelineId },
        runtime_config: { parameters },
      });
      assert.equal(status, 200, JSON.stringify(json));
      return json['run_id'] as string;
    },
  };
}

async function openPage(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<OpenPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(DEFAULT_TIMEOUT_MS);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // What the policy of the page forbids is told here. Answers such as 404 are tested by what the page shows.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) complaints.push(message.text());
  });
  await page.goto(url);
  return {
    page,
    async [Symbol.asyncDispose]() {
      await context.close();
      if (complaints.length > 0) throw new Error(`the page complained: ${complaints.join('\n')}`);
    },
  };
}
