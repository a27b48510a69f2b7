import assert from 'node:assert/strict';
import { axeViolations } from './axe.ts';
import type { Locator, Page } from 'playwright-core';

/** Waits until it is there; its absence is the error. */
export async function seen(locator: Locator): Promise<void> {
  await locator.first().waitFor({ state: 'visible' });
}

export async function gone(locator: Locator): Promise<void> {
  await locator.first().waitFor({ state: 'hidden' });
}

const POLL_MS = 50;
const PATIENCE_MS = 20_000;

/** Waits until a value is what it should be. */
export async function eventually<T>(read: () => Promise<T>, expected: T): Promise<void> {
  const until = performance.now() + PATIENCE_MS;
  let value = await read();
  while (performance.now() < until && JSON.stringify(value) !== JSON.stringify(expected)) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    value = await read();
  }
  assert.deepEqual(value, expected);
}

/** The part of the address that says what is shown. */
export const pathOf = (page: Page): string => page.url().replace(/^https?:\/\/[^/]+/, '');

/** Nothing that keeps people with disabilities out: axe's rules of WCAG 2.2 A and AA. */
export async function accessible(page: Page): Promise<void> {
  assert.deepEqual(await axeViolations(page), []);
}

/** The text of what has the focus. */
export const focusedText = async (page: Page): Promise<string | null> =>
  await page.evaluate('document.activeElement.textContent');

/** The page is not wider than the window. */
export async function fits(page: Page): Promise<void> {
  const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  assert.ok(overflow <= 0, `${overflow} pixels too wide`);
}
