// Every page: for screen readers and in both themes, within the content security policy, in the end-user's language, without JavaScript.
import { type Browser, expect, type Page, test } from '@playwright/test';
import { answer, startFromLink, startUnattended } from '../harness/client.ts';
import { logIn, picture } from '../harness/console.ts';
import { Desktop } from '../harness/desktop.ts';
import { collectFaults, expectAccessible } from '../harness/faults.ts';
import { Server } from '../harness/server.ts';

let server: Server;
let faults: string[];

test.beforeEach(async ({ page }) => {
  server = await Server.start();
  faults = await collectFaults(page);
});
test.afterEach(async () => { await server.stop(); });

const go = async (page: Page, link: string) => {
  await page.getByRole('link', { name: link, exact: true }).click();
  await expect(page.getByRole('heading', { name: link, exact: true })).toBeVisible();
};

test('the console is accessible with nothing in it', async ({ page }) => {
  await page.goto(server.url);
  await expect(page.getByRole('button', { name: 'Log in' })).toBeVisible();
  await expectAccessible(page, 'login');
  await logIn(page, server);
  await expectAccessible(page, 'Remote Sessions');
  for (const name of ['Remote Computers', 'Session Logs']) {
    await go(page, name);
    await expectAccessible(page, name);
  }
  await page.goto(`${server.url}/settings`);
  await expect(page.getByLabel('Name', { exact: true })).toBeVisible();
  await expectAccessible(page, 'Settings');
  expect(faults).toEqual([]);
});

test('the console is accessible with a session and a computer, from the question to the log', async ({ page }) => {
  const desktop = await Desktop.start('1024x768');
  try {
    await logIn(page, server);
    startUnattended(desktop, server);
    await go(page, 'Remote Computers');
    await expect(page.getByText('Online', { exact: true })).toBeVisible();
    await expectAccessible(page, 'Remote Computers');

    await startFromLink(desktop, server, '4711', 'A. Martin');
    await go(page, 'Remote Sessions');
    const row = page.getByRole('row').filter({ hasText: 'A. Martin' });
    await expect(row).toContainText('Ready');
    await expectAccessible(page, 'Remote Sessions');
    await row.getByRole('button', { name: 'Connect', exact: true }).click();
    await expect(page.getByTestId('asking-words')).toBeVisible();
    await expectAccessible(page, 'viewer, asking');
    await answer(desktop, 'control');
    await picture(page);
    await expectAccessible(page, 'viewer, live');
    await desktop.press(await desktop.ownWindow('bar'), 'stop');
    await expect(page.getByText('Ended by the end-user.')).toBeVisible();
    await expectAccessible(page, 'viewer, ended');
    await page.goto(`${server.url}/logs`);
    await expect(row).toBeVisible();
    await expectAccessible(page, 'Session Logs');
    expect(faults).toEqual([]);
  } finally {
    await desktop.stop();
  }
});

test('the end-user’s pages are accessible', async ({ page }) => {
  await logIn(page, server);
  await page.getByRole('button', { name: 'Shorten' }).click();
  await expect(page.getByRole('button', { name: 'Full link' })).toBeVisible();
  const short = (await page.getByText(/\/s\/[\w-]{20,}/).first().innerText()).trim();
  for (const { path, says } of [
    { path: '/join/rodney?ticket=4711&name=A.+Martin', says: 'Rodney Example would like to help you' },
    { path: new URL(short, 'http://x').pathname, says: 'Rodney Example would like to help you' },
    { path: '/download', says: 'Get help with this computer' },
    { path: '/join/nobody', says: 'This link leads nowhere' },
    { path: '/s/abcdefghijklmnopqrstuvwx', says: 'This link has expired' },
  ]) {
    await page.goto(server.url + path);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(says);
    await expectAccessible(page, path);
  }
  expect(faults).toEqual([]);
});

test('an end-user reads the page in the browser’s language and downloads without JavaScript', async ({ browser }) => {
  const page = await german(browser);
  await page.goto(`${server.url}/join/rodney?ticket=4711`);
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Rodney Example möchte Ihnen helfen');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Herunterladen' }).first().click();
  expect((await download).suggestedFilename()).toMatch(/^RemoteSupport.*\.tar\.gz$/);

  await page.getByRole('link', { name: 'Français' }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'fr');
  expect(page.url()).toContain('ticket=4711');
});

async function german(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ locale: 'de-DE', javaScriptEnabled: false });
  return context.newPage();
}
