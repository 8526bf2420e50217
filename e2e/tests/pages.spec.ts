// Every page: for screen readers and in both themes, within the content security policy, in the end-user's language, without JavaScript.
import { type Browser, expect, type Page, test } from '@playwright/test';
import { answer, startFromLink, startUnattended } from '../harness/client.ts';
import { logIn, picture } from '../harness/console.ts';
import { Desktop } from '../harness/desktop.ts';
import { collectFaults, expectAccessible, expectEdges } from '../harness/faults.ts';
import { hidesFocus, sticksOut } from '../harness/pages.ts';
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

const join = '/join/rodney?ticket=4711&name=A.+Martin';
const phone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1';

test('the end-user’s pages are accessible, fit a small phone and stand forced colours', async ({ page, browser }) => {
  await logIn(page, server);
  await page.getByRole('button', { name: 'Shorten' }).click();
  await expect(page.getByRole('button', { name: 'Full link' })).toBeVisible();
  const short = (await page.getByText(/\/s\/[\w-]{20,}/).first().innerText()).trim();
  server.sql(`INSERT INTO setting VALUES ('company', CAST('Miller & Söhne Betriebsgesellschaft' AS BLOB)), ('branding color', CAST('#ffcc00' AS BLOB)), ('branding consent words', CAST('We never ask for your password.' AS BLOB))`);
  const small = await (await browser.newContext({ locale: 'en-GB', userAgent: phone })).newPage();
  const check = async (on: Page, path: string, says: string) => {
    await on.setViewportSize({ width: 1440, height: 900 });
    await on.goto(server.url + path);
    await expect(on.getByRole('heading', { level: 1 })).toHaveText(says);
    await expect(on.getByRole('banner')).toHaveText('Miller & Söhne Betriebsgesellschaft');
    await expectAccessible(on, path);
    await on.setViewportSize({ width: 320, height: 640 });
    expect(await sticksOut(on), `${path} at 320 px`).toEqual([]);
    await expectEdges(on, path);
    expect(await hidesFocus(on, 4), path).toEqual([]);
    await on.emulateMedia({ forcedColors: 'none' });
  };
  const helps = 'Rodney Example would like to help you';
  await check(page, join, helps);
  await check(page, new URL(short, 'http://x').pathname, helps);
  await check(page, '/download', 'Get help with this computer');
  await check(small, join, helps);
  await check(page, '/join/nobody', 'This link leads nowhere');
  await page.getByRole('link', { name: 'I have a connection ID' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Get help with this computer');
  await check(page, '/s/abcdefghijklmnopqrstuvwx', 'This link has expired');

  const file = '/download/file?platform=linux-x86_64';
  for (let i = 0; i < 300; i++) if ((await page.request.get(server.url + file, { maxRedirects: 0 })).status() === 429) break;
  await check(page, file, 'Too many requests');
  server.sql('ALTER TABLE agent RENAME TO agent_away');
  await check(page, join, 'Something went wrong on the server');
  server.sql('ALTER TABLE agent_away RENAME TO agent');
  await page.getByRole('link', { name: 'Try again' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(helps);
  await expect(page.getByText('4711', { exact: true })).toBeVisible();
  expect(faults).toEqual([]);
});

test('each language fits the smallest phone', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  for (const lang of ['en', 'de', 'es', 'fr', 'it', 'pt']) {
    for (const path of [`${join}&lang=${lang}`, `/download?lang=${lang}`, `/join/nobody?lang=${lang}`]) {
      await page.goto(server.url + path);
      await expect(page.locator('html')).toHaveAttribute('lang', lang);
      expect(await sticksOut(page), path).toEqual([]);
    }
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
