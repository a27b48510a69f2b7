import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

/** The part of axe's answer that is told. */
interface Violation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** One line for each thing axe finds. */
export async function axeViolations(page: Page): Promise<string[]> {
  // Not as a script element: the policy of the page forbids those of others.
  const source = await readFile(axePath, 'utf8');
  await page.evaluate(source);
  const options = { runOnly: { type: 'tag', values: TAGS }, resultTypes: ['violations'] };
  // As text: this file knows nothing of the browser's types.
  const { violations } = await page.evaluate<{ readonly violations: readonly Violation[] }>(
    `axe.run(document, ${JSON.stringify(options)})`,
  );
  return violations.flatMap(({ id, help, nodes }) =>
    nodes
      .slice(0, 4)
      .map(({ html, failureSummary }) => `${id}: ${help}\n  ${html.slice(0, 200)}\n  ${failureSummary.replaceAll('\n', ' ')}`),
  );
}
