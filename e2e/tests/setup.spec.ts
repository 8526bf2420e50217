// Computers are added from the console: by a link for an end-user, and the agent's own. What is downloaded is run on a desktop.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { answer, startDownloaded, startUnattended } from '../harness/client.ts';
import { logIn, person, picture } from '../harness/console.ts';
import { Desktop } from '../harness/desktop.ts';
import { collectFaults, expectAccessible } from '../harness/faults.ts';
import { MailServer } from '../harness/mail.ts';
import { sticksOut } from '../harness/pages.ts';
import { BIN } from '../harness/process.ts';
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
  await page.getByText('SHA-256 of the clients').click();
  await expect(page.getByText(/^[0-9a-f]{64}$/)).not.toHaveCount(0);
  await expectAccessible(page, 'Command line');
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await sticksOut(page)).toEqual([]);
});

test('a key that two computers use is told; removed while it is off, a computer forgets its key, and comes back by another link', async ({ page, browser }) => {
  server.addAgent('boss', 'Vera Boss', 'administrator', 'Correct-horse-9-battery');
  const state = path.join(desktop.home, 'computer');
  const row = page.getByRole('row').filter({ has: page.getByRole('button', { name: 'More', exact: true }) });
  const serve = (dir: string) => desktop.run(path.join(BIN, 'RemoteSupport'), ['unattended', '--state', dir]);
  const client = startUnattended(desktop, server);
  await expect(row.getByText('Online', { exact: true })).toBeVisible();

  expect(fs.existsSync(path.join(state, 'computer.json'))).toBe(true);
  const copy = path.join(desktop.home, 'copy');
  execFileSync('cp', ['-a', state, copy]);
  const second = serve(copy);
  await expect(row.getByText('Two computers use this key')).toBeVisible();
  await row.getByRole('link').click();
  await expect(page.getByRole('complementary').getByText(/^Two clients connect as this computer with the same key/)).toBeVisible();
  await button(page, 'Close details').click();
  const boss = await person(browser);
  await logIn(boss, server, { userName: 'boss', password: 'Correct-horse-9-battery' });
  await boss.goto(`${server.url}/admin/audit`);
  await expect(boss.getByRole('row').filter({ hasText: 'Two computers use one key' })).toHaveCount(1); // not one for each connection
  await boss.context().close();
  await second.stop();
  await client.stop();

  await expect(row.getByText(/^Offline/)).toBeVisible();
  await row.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(row).toHaveCount(0);
  for (const dir of [copy, state]) {
    const back = serve(dir);
    expect(await back.ended()).toBe(3);
    expect(back.output).toContain('This computer was removed at');
    expect(fs.existsSync(path.join(dir, 'computer.json'))).toBe(false);
  }
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Your computers will be here' })).toBeVisible();

  await button(page, 'Add an end-user’s computer').click();
  await page.getByRole('textbox', { name: 'For whom' }).fill('x'.repeat(10_000));
  await button(page, 'Make a link').click();
  const endUser = await person(browser);
  const link = await page.getByTestId('link').innerText();
  server.sql('UPDATE unattended_invite SET expires_at = expires_at - 172800000000');
  await endUser.goto(link);
  await expect(endUser.getByRole('heading', { level: 1 })).toHaveText('This link has expired');
  server.sql('UPDATE unattended_invite SET expires_at = expires_at + 172800000000');
  await endUser.reload();
  startDownloaded(desktop, await downloaded(endUser, () => button(endUser, 'Allow').click()), own());
  await answer(desktop, 'allow');
  await expect(row.getByText('Online', { exact: true })).toBeVisible();
  await expect(page.getByText('Two computers use this key')).toHaveCount(0);
  await endUser.context().close();
});

test('a shell that is gone, and a system without terminals, are told; what is open goes on', async ({ page }) => {
  const [gone, shells] = ['gone-shell', 'shells'].map((name) => path.join(desktop.home, name));
  fs.copyFileSync('/bin/sh', gone);
  fs.writeFileSync(shells, `${gone}\n`);
  const client = startUnattended(desktop, server, ['unshare', '--mount', 'sh', '-c', `mount --bind ${shells} /etc/shells && exec "$@"`, 'sh']);
  await button(page, 'Open a command prompt').click();
  const terminal = page.locator('#prompt-stage');
  await expect(terminal).toContainText(/[$#>]/);
  fs.rmSync(gone);
  await button(page, 'Choose a shell').click();
  await page.getByRole('menuitem', { name: gone, exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('This shell is not on the computer any more. Choose another one.');
  execFileSync('nsenter', ['-t', String(client.pid), '-m', 'mount', '--bind', '/dev/null', '/dev/ptmx']);
  await button(page, 'New command prompt').click();
  await expect(page.getByRole('alert')).toContainText('The computer’s system refused to open a terminal.');
  for (const left of [2, 1]) {
    await page.getByRole('alert').getByRole('button', { name: 'Close', exact: true }).click();
    await expect(page.getByRole('tab')).toHaveCount(left);
  }
  await page.keyboard.type('echo still $((6*7))\n');
  await expect(terminal).toContainText('still 42');
});
