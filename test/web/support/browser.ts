/** A headless Chromium for tests of the dashboard: Debian's, or the one CHROMIUM names. */
import { accessSync, constants } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export const chromiumPath: string | undefined = [process.env['CHROMIUM'], ...PLACES].find(isProgram);

/** `{ skip }` for tests that need a browser where there is none. */
export const needsBrowser = {
  skip: chromiumPath === undefined ? 'there is no Chromium: apt-get install chromium, or name one in CHROMIUM' : false,
} as const;

export async function openBrowser(): Promise<Browser> {
  // Inside a container there is no sandbox, and /dev/shm is small.
  return await chromium.launch({ executablePath: chromiumPath!, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

function isProgram(path: string | undefined): path is string {
  try {
    accessSync(path ?? '', constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
