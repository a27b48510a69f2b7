/** What is claimed of the dashboard's pages, measured in a headless Chromium on a real server. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { buildWeb } from '../../scripts/build-web.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { chromiumPath, openBrowser } from '../../test/web/support/browser.ts';
import type { Claim, Measured } from './claims.ts';
import { fillSqlite } from './many-runs.ts';
import { median } from './paired.ts';
import { serverProcess } from './server-process.ts';

const PORT = 18_874;
const RUNS = 1_000_000;
const KB = 1_000;
const MAX_KB = 150;
const INTERACTIVE_MS = 500;
const LONG_TASK_MS = 100;
const ROWS_TO_SCROLL = 20_000;
const NO_BROWSER: Measured = { result: 'not measured: there is no Chromium', met: false };

export const PAGE_CLAIMS: readonly Claim[] = [
  {
    name: 'first load of home and runs, with a million runs kept',
    target: `≤ ${MAX_KB} KB of gzipped JavaScript, usable within ${INTERACTIVE_MS} ms`,
    measure: async ({ folder, quick, repetitions }) =>
      await onPages(join(folder, 'pages'), quick ? RUNS / 100 : RUNS, async (browser, url) => {
        const home = await firstLoads(browser, `${url}/`, 'link', repetitions);
        const runs = await firstLoads(browser, `${url}/runs`, 'row', repetitions);
        const size = Math.max(home.bytes, runs.bytes) / KB;
        const slowest = Math.max(home.ms, runs.ms);
        return {
          result: `${size.toFixed(0)} KB; home usable after ${home.ms.toFixed(0)} ms, runs after ${runs.ms.toFixed(0)} ms`,
          met: size <= MAX_KB && slowest <= INTERACTIVE_MS,
        };
      }),
  },
  {
    name: `the list of a million runs scrolled through ${ROWS_TO_SCROLL.toLocaleString('en')} rows`,
    target: `no task over ${LONG_TASK_MS} ms`,
    measure: async ({ folder, quick }) =>
      await onPages(join(folder, 'scrolling'), quick ? RUNS / 10 : RUNS, async (browser, url) => {
        const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
        await page.goto(`${url}/runs`);
        await page.getByRole('row').nth(5).waitFor();
        const { rows, ms, longest } = await scroll(page, quick ? ROWS_TO_SCROLL / 10 : ROWS_TO_SCROLL);
        const perSecond = Math.round((rows / ms) * 1000).toLocaleString('en');
        return { result: `${perSecond} rows/s, longest task ${longest.toFixed(0)} ms`, met: longest <= LONG_TASK_MS };
      }),
  },
];

async function onPages(
  dataDir: string,
  runs: number,
  measure: (browser: Browser, url: string) => Promise<Measured>,
): Promise<Measured> {
  if (chromiumPath === undefined) return NO_BROWSER;
  await buildWeb();
  await mkdir(dataDir, { recursive: true });
  const file = join(dataDir, 'pipewright.db');
  await (await openSqliteStore({ file }))[Symbol.asyncDispose]();
  fillSqlite(file, runs);
  await using server = await serverProcess(dataDir, PORT);
  const browser = await openBrowser();
  try {
    return await measure(browser, server.url);
  } finally {
    await browser.close();
  }
}

/** The median time to the first row or link of the content, each in a window without a cache, and the JavaScript asked for. */
async function firstLoads(browser: Browser, url: string, role: 'row' | 'link', repetitions: number) {
  const times: { readonly ms: number }[] = [];
  let bytes = 0;
  for (let index = 0; index < Math.max(3, repetitions); index += 1) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    const scripts: Promise<number>[] = [];
    page.on('response', (response) => {
      if (response.url().endsWith('.js')) scripts.push(response.body().then((body) => gzipSync(body).length));
    });
    const started = performance.now();
    await page.goto(url, { waitUntil: 'commit' });
    await page.locator('main').getByRole(role).nth(1).waitFor();
    times.push({ ms: performance.now() - started });
    await page.waitForLoadState('networkidle');
    bytes = (await Promise.all(scripts)).reduce((sum, size) => sum + size, 0);
    await context.close();
  }
  return { ms: median(times), bytes };
}

/** Scrolls by the height of the window, once a frame, until so many rows have gone by. */
async function scroll(
  page: Page,
  rows: number,
): Promise<{ readonly rows: number; readonly ms: number; readonly longest: number }> {
  return await page.evaluate(`new Promise((resolve) => {
    let longest = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) longest = Math.max(longest, entry.duration);
    }).observe({ type: 'longtask' });
    const scroller = document.querySelector('[role=table]').parentElement;
    const started = performance.now();
    const step = () => {
      scroller.scrollTop += scroller.clientHeight;
      const seen = Math.round(scroller.scrollTop / 40);
      if (seen < ${rows}) requestAnimationFrame(step);
      else setTimeout(() => resolve({ rows: seen, ms: performance.now() - started, longest }), 200);
    };
    step();
  })`);
}
