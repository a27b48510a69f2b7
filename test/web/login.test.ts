// The login, and what each role is offered, in a real browser.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { readAuthConfig } from '../../src/server/auth/auth-config.ts';
import { needsBrowser } from './support/browser.ts';
import { dashboard } from './support/dashboard.ts';
import { accessible, eventually, fits, gone, pathOf, seen } from './support/expect.ts';

const PASSWORD = 'correct horse battery staple';
const dash = dashboard({ auth: readAuthConfig({ authPassword: PASSWORD }, {}) });

async function logIn(page: Page, name: string, password: string): Promise<void> {
  await page.getByRole('textbox', { name: 'User name' }).fill(name);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
}

test('whoever is not logged in is asked to, and comes back to where they wanted to go', needsBrowser, async () => {
  await using opened = await dash.open('/experiments?archived=true');
  const { page } = opened;
  await seen(page.getByRole('heading', { name: 'Log in to pipewright' }));
  await accessible(page);
  await logIn(page, 'admin', 'wrong');
  await seen(page.getByRole('alert'));
  await logIn(page, 'admin', PASSWORD);
  await eventually(async () => pathOf(page), '/experiments?archived=true');
  await page.getByRole('button', { name: 'Log out' }).click();
  await seen(page.getByRole('heading', { name: 'Log in to pipewright' }));
});

test('an address slipped into the link to the login leads nowhere else', needsBrowser, async () => {
  await using opened = await dash.open('/login?to=https%3A%2F%2Fexample.org');
  const { page } = opened;
  await logIn(page, 'admin', PASSWORD);
  await eventually(async () => pathOf(page), '/');
  await page.goto(`${dash.server.url}/login?to=%2F%2Fexample.org`);
  await logIn(page, 'admin', PASSWORD);
  await eventually(async () => pathOf(page), '/');
});

test('tokens are made, shown once, and deleted', needsBrowser, async () => {
  await using opened = await dash.open('/login?to=%2Fsettings%3Fsection%3Dtokens');
  const { page } = opened;
  await logIn(page, 'admin', PASSWORD);
  await page.getByRole('button', { name: 'New token' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('ci');
  await page.getByRole('combobox', { name: 'It may do' }).selectOption('viewer');
  await accessible(page);
  await page.getByRole('button', { name: 'Make the token' }).click();
  const token = await page.getByRole('dialog', { name: 'Token ci' }).locator('code').textContent();
  const reply = await fetch(`${dash.server.url}/apis/v2beta1/runs`, { headers: { authorization: `Bearer ${token}` } });
  assert.equal(reply.status, 200);
  await page.getByRole('button', { name: 'Close' }).click();
  await seen(page.getByRole('row', { name: /ci.*viewer/ }));
  await accessible(page);
  await page.getByRole('button', { name: 'Delete the token ci' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await gone(page.getByRole('row', { name: /ci.*viewer/ }));
});

test('an administrator makes a user and gives a role; the audit log tells', needsBrowser, async () => {
  await using opened = await dash.open('/login?to=%2Fsettings%3Fsection%3Dusers');
  const { page } = opened;
  await logIn(page, 'admin', PASSWORD);
  await page.getByRole('button', { name: 'New user' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('vic');
  await page.getByRole('textbox', { name: 'Password' }).fill('a long enough password');
  await page.getByRole('button', { name: 'Create' }).click();
  await seen(page.getByRole('row', { name: /vic/ }));
  await accessible(page);
  await page.getByRole('link', { name: 'Roles' }).click();
  await page.getByRole('button', { name: 'Give a role' }).click();
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('vic');
  await page.getByRole('button', { name: 'Give', exact: true }).click();
  await seen(page.getByRole('row', { name: /vic.*viewer/ }));
  await accessible(page);
  await page.getByRole('link', { name: 'Audit log' }).click();
  await seen(page.getByRole('row', { name: /admin.*RoleBinding_Create/ }));
  await accessible(page);
});

test('a viewer is offered nothing a viewer may not do', needsBrowser, async () => {
  await using opened = await dash.open('/login?to=%2Fruns');
  const { page } = opened;
  await logIn(page, 'vic', 'a long enough password');
  await seen(page.getByRole('heading', { name: 'No runs yet' }));
  await gone(page.getByRole('link', { name: 'New run' }));
  await page.goto(`${dash.server.url}/pipelines`);
  await seen(page.getByRole('heading', { name: 'No pipelines yet' }));
  await gone(page.getByRole('link', { name: 'Upload' }));
  await page.goto(`${dash.server.url}/runs/new`);
  await seen(page.getByText('Starting runs takes the role editor'));
  await page.goto(`${dash.server.url}/settings`);
  await seen(page.getByRole('link', { name: 'API tokens' }));
  await gone(page.getByRole('link', { name: 'Users' }));
  await fits(page);
});
