/**
 * `node scripts/run.mjs scripts/screenshots.ts [NAME …]`: pictures of every page of the dashboard in light, dark and narrow, under
 * docs/screenshots. Starts a server of its own with the sample pipelines, and runs them until there is something to see.
 */
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { openServer } from '../src/serve.ts';
import { chromiumPath, openBrowser } from '../test/web/support/browser.ts';
import { buildWeb } from './build-web.ts';
import { fillServer, type Filled } from './screenshot-data.ts';

const folder = fileURLToPath(new URL('../docs/screenshots', import.meta.url));
/** Time for graphs to be laid out and for lists to be asked for. */
const SETTLE_MS = 1_200;

interface Shot {
  readonly name: string;
  readonly path: string;
  /** Keys that are pressed before the picture. */
  readonly keys?: string;
  /** The title of a part of the page that is scrolled to. */
  readonly part?: string;
}

const LOOKS = [
  { name: 'light', context: { colorScheme: 'light', viewport: { width: 1360, height: 850 } } },
  { name: 'dark', context: { colorScheme: 'dark', viewport: { width: 1360, height: 850 } } },
  { name: 'narrow', context: { colorScheme: 'light', viewport: { width: 390, height: 844 } } },
] as const;

/** Every page with something on it. */
function shots({ pipeline, version, run, failed, compared, recurring, experiment, artifact }: Filled): readonly Shot[] {
  return [
    { name: 'home', path: '/' },
    { name: 'runs', path: '/runs' },
    { name: 'new-run', path: `/runs/new?pipeline=${pipeline}` },
    { name: 'run', path: `/runs/${run}?scope=%2Ftraining` },
    { name: 'run-timeline', path: `/runs/${run}?view=timeline` },
    { name: 'run-tasks', path: `/runs/${run}?view=tasks` },
    { name: 'run-outputs', path: `/runs/${run}?view=outputs` },
    { name: 'run-failed', path: `/runs/${failed}` },
    { name: 'run-log', path: `/runs/${failed}?task=${encodeURIComponent('/train')}&tab=logs` },
    { name: 'run-resources', path: `/runs/${run}?task=${encodeURIComponent('/training/evaluate')}`, part: 'Resources' },
    { name: 'compare', path: `/compare?runs=${compared.join()}` },
    { name: 'compare-graphs', path: `/compare?runs=${compared.slice(1).join()}&view=graphs` },
    { name: 'pipelines', path: '/pipelines' },
    { name: 'pipeline', path: `/pipelines/${pipeline}?scope=%2Ftraining` },
    { name: 'pipeline-source', path: `/pipelines/${pipeline}?view=source` },
    { name: 'pipeline-differences', path: `/pipelines/${pipeline}?view=diff&version=${version}` },
    { name: 'recurring-runs', path: '/recurring' },
    { name: 'recurring-run', path: `/recurring/${recurring}` },
    { name: 'new-recurring-run', path: `/recurring/new?pipeline=${pipeline}` },
    { name: 'edit-recurring-run', path: `/recurring/new?edit=${recurring}` },
    { name: 'experiments', path: '/experiments' },
    { name: 'experiment', path: `/experiments/${experiment}` },
    { name: 'artifacts', path: '/artifacts' },
    { name: 'artifact', path: `/artifacts/${artifact}` },
    { name: 'lineage', path: `/artifacts/${artifact}?view=lineage` },
    { name: 'search', path: '/runs', keys: 'pen' },
    { name: 'settings', path: '/settings' },
  ];
}

async function take(browser: Browser, base: string, shot: Shot): Promise<void> {
  for (const { name, context: options } of LOOKS) {
    const context = await browser.newContext({ ...options, reducedMotion: 'reduce', locale: 'en-GB' });
    const page = await context.newPage();
    await page.goto(base + shot.path);
    await page.waitForTimeout(SETTLE_MS);
    if (shot.keys !== undefined) {
      await page.keyboard.press('Control+k');
      await page.keyboard.type(shot.keys);
      await page.waitForTimeout(SETTLE_MS);
    }
    if (shot.part !== undefined) await page.getByRole('region', { name: shot.part }).scrollIntoViewIfNeeded();
    await page.screenshot({ path: join(folder, `${shot.name}-${name}.png`) });
    await context.close();
  }
}

if (chromiumPath === undefined) {
  console.error('there is no Chromium: apt-get install chromium, or name one in CHROMIUM');
  process.exit(1);
}
const { folder: webDir } = await buildWeb({});
const dataDir = await mkdtemp(join(tmpdir(), 'pipewright-'));
// Their paths are in the pictures; those of whoever takes them are nobody's business.
const samplesDir = join(dataDir, 'examples');
await cp(fileURLToPath(new URL('../examples', import.meta.url)), samplesDir, { recursive: true });
const server = await openServer({ dataDir, port: 0, webDir, samplesDir, onError: (error) => console.error(error) });
const browser = await openBrowser();
try {
  await mkdir(folder, { recursive: true });
  const filled = await fillServer(server.url);
  const wanted = process.argv.slice(2);
  for (const shot of shots(filled)) {
    if (wanted.length > 0 && !wanted.includes(shot.name)) continue;
    await take(browser, server.url, shot);
    console.log(shot.name);
  }
} finally {
  await browser.close();
  await server.close();
  await rm(dataDir, { recursive: true, force: true });
}
