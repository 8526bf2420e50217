// Computers are added from the console: by a link for an end-user, and the agent's own. What is downloaded is run on a desktop.
import path from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { answer, startDownloaded } from '../harness/client.ts';
import { logIn, person, picture } from '../harness/console.ts';
import { Desktop } from '../harness/desktop.ts';
import { collectFaults, expectAccessible } from '../harness/faults.ts';
import { MailServer } from '../harness/mail.ts';
import { sticksOut } from '../harness/pages.ts';
import { Server } from '../harness/server.ts';

let server: Server;
let desktop: Desktop;
let mail: MailServer;

test.beforeEach(async ({ page }) => {
  mail = await MailServer.start();
  server = await Server.start(...mail.flags);
  desktop = await Desktop.start('1024x768');
  await logIn(page, server);
  await page.goto(`${server.url}/computers`);
});
test.afterEach(async ({}, info) => {
  if (info.status !== info.expectedStatus) desktop?.screenshot(info.outputPath('desktop.png'));
  await desktop?.stop();
  await server?.stop();
  mail?.stop();
});

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
/** The state is the test's own, and no service is installed on the machine that tests. */
const own = () => ['--state', path.join(desktop.home, 'computer'), '--noservice'];
/** What makes the console, or a page, download the client. */
async function downloaded(page: Page, press: () => Promise<void>): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download'), press()]);
  expect(download.suggestedFilename()).toMatch(/^RemoteSupport_.*\.tar\.gz$/);
  return download.path();
}

test('an end-user opens the agent’s link and allows access; the used link says so', async ({ page, browser }) => {
  const faults = await collectFaults(page);
  await button(page, 'Add an end-user’s computer').click();
  await page.getByRole('textbox', { name: 'For whom' }).fill('Front desk');
  await button(page, 'Make a link').click();
  const link = await page.getByTestId('link').innerText();
  expect(link).toContain(`${server.url}/unattended/`);
  const open = page.getByRole('region', { name: 'Open links' });
  await expect(open).toContainText('Front desk');
  await expectAccessible(page, 'Add an end-user’s computer');
  await button(page, 'Send now').click();
  await page.getByRole('textbox', { name: /^E-mail address/ }).fill('desk@example.org');
  await button(page, 'Send').click();
  await expect(page.getByText('Sent', { exact: true })).toBeVisible();
  expect(mail.mails.join('\n')).toContain('desk@example.org');
  await page.keyboard.press('Escape');

  const endUser = await person(browser);
  const theirFaults = await collectFaults(endUser);
  await endUser.goto(link);
  await expect(endUser.getByRole('heading', { level: 1 })).toHaveText('Rodney Example asks to reach this computer at any time');
  await expectAccessible(endUser, 'the page of the link');
  const archive = await downloaded(endUser, () => button(endUser, 'Allow').click());
  await expect(open).toBeVisible(); // a download uses nothing up
  startDownloaded(desktop, archive, own());
  await answer(desktop, 'allow');

  await expect(open).toHaveCount(0);
  await expect(page.getByText('Online', { exact: true })).toBeVisible();
  await endUser.reload();
  await expect(endUser.getByRole('heading', { level: 1 })).toHaveText('This link was used already');
  await endUser.context().close();
  await button(page, 'Connect').click();
  await picture(page);
  expect([...faults, ...theirFaults]).toEqual([]);
});

test('the agent’s own computer; a link that is taken back; the command line', async ({ page, browser }) => {
  const archive = await downloaded(page, () => button(page, 'Add this computer').click());
  await expect(page.getByText(/^The download has begun/)).toBeVisible();
  startDownloaded(desktop, archive, own());
  await answer(desktop, 'allow');
  await expect(page.getByText('Online', { exact: true })).toBeVisible();

  await button(page, 'Add a computer').click();
  await button(page, 'Add an end-user’s computer').click();
  await button(page, 'Make a link').click();
  const link = await page.getByTestId('link').innerText();
  await button(page, 'Revoke').click();
  await expect(page.getByText('This link was used, taken back or has expired.')).toBeVisible();
  const endUser = await person(browser);
  await endUser.goto(link);
  await expect(endUser.getByRole('heading', { level: 1 })).toHaveText('This link was taken back');
  await endUser.context().close();

  await button(page, 'Command line').click();
  await expect(page.getByRole('link', { name: 'Download the client' })).toHaveAttribute('href', '/download');
  await expect(page.getByText(`/relayport "${server.port}"`)).toHaveCount(2);
  await expectAccessible(page, 'Command line');
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await sticksOut(page)).toEqual([]);
});
