// What somebody does who has just started the server and reads nothing: find a sample, see it fail, find out why, mend it, compare.
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { needsBrowser } from './support/browser.ts';
import { dashboard } from './support/dashboard.ts';
import { accessible, seen } from './support/expect.ts';

// examples/learning-rate fails on purpose.
const dash = dashboard({ samplesDir: fileURLToPath(new URL('../../examples', import.meta.url)) });

test('the sample that fails is started, understood, mended, and both runs are compared', needsBrowser, async () => {
  await using opened = await dash.open('/');
  const { page } = opened;
  await page.getByRole('link', { name: 'Start learning-rate' }).click();
  await page.getByRole('textbox', { name: 'Name of the run' }).fill('as it comes');
  await page.getByRole('button', { name: 'Start the run' }).click();
  await seen(page.getByRole('heading', { name: /as it comes.*Failed/ }));
  // Why, without a click.
  await seen(page.getByText(/learning_rate|learning rate/).first());
  await accessible(page);
  await page
    .getByRole('link', { name: 'Clone' })
    .or(page.getByRole('button', { name: 'Clone' }))
    .click();
  await page.getByRole('textbox', { name: 'learning_rate' }).fill('0.5');
  await page.getByRole('textbox', { name: 'Name of the run' }).fill('mended');
  await page.getByRole('button', { name: 'Start the run' }).click();
  await seen(page.getByRole('heading', { name: /mended.*Succeeded/ }));
  await page.getByRole('link', { name: 'Runs', exact: true }).first().click();
  await page
    .getByRole('row', { name: /as it comes/ })
    .getByRole('checkbox')
    .check();
  await page
    .getByRole('row', { name: /mended/ })
    .getByRole('checkbox')
    .check();
  await page.getByRole('button', { name: 'Compare' }).click();
  await seen(page.getByRole('heading', { name: 'Compare 2 runs' }));
  await seen(page.getByText('learning_rate'));
});
