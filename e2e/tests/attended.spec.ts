// One attended session from the link to the log, with the real programs.
import { expect, test } from '@playwright/test';
import { answer, startByHand, startDownloaded, startFromLink } from '../harness/client.ts';
import { clickRemote, logIn, person, picture } from '../harness/console.ts';
import { Desktop } from '../harness/desktop.ts';
import { until } from '../harness/process.ts';
import { Server } from '../harness/server.ts';
import fs from 'node:fs';
import path from 'node:path';

let server: Server;
let desktop: Desktop;

test.beforeEach(async () => {
  server = await Server.start();
  desktop = await Desktop.start();
});

test.afterEach(async ({}, info) => {
  if (info.status !== info.expectedStatus) desktop?.screenshot(info.outputPath('desktop.png'));
  await desktop?.stop();
  await server?.stop();
});

test('a link leads to control of the desktop, and into the log', async ({ page, browser }) => {
  // The agent fills in a ticket and a name, and copies the link.
  await logIn(page, server);
  await page.getByLabel('Ticket number').fill('4711');
  await page.getByLabel('End-User name').fill('A. Martin');
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: server.url });
  await page.getByRole('button', { name: 'Copy', exact: true }).click();
  const link = await until('the copied link', () => page.evaluate(() => navigator.clipboard.readText()));
  expect(link).toBe(`${server.url}/join/rodney?ticket=4711&name=A.+Martin`);

  // The end-user opens it, reads who invites, and gets the program ready for this session.
  const endUser = await person(browser);
  await endUser.goto(link);
  await expect(endUser.getByText('Rodney Example').first()).toBeVisible();
  const download = endUser.waitForEvent('download');
  await endUser.getByRole('link', { name: /download/i }).or(endUser.getByRole('button', { name: /download/i })).first().click();
  const archive = await (await download).path();
  const client = startDownloaded(desktop, archive);
  await desktop.ownWindow('main');

  // The row appears by itself.
  const row = page.getByRole('row').filter({ hasText: 'A. Martin' });
  await expect(row).toContainText('4711');
  await expect(row).toContainText('Ready');
  await row.getByRole('button', { name: 'Connect', exact: true }).click();

  // Both ends show the same words; the end-user answers with the mouse.
  const consent = await desktop.ownWindow('consent');
  await expect(page.getByTestId('asking-words')).toHaveText(/^[a-z]{3,}[a-z]{3,}$/);
  await page.waitForTimeout(1200); // input does not count during the first second of a question
  await desktop.press(consent, 'control');
  expect(await picture(page)).toEqual({ width: 1280, height: 800 });
  await desktop.ownWindow('bar');

  // The tools of the viewer.
  const tool = (name: string) => page.getByRole('button', { name, exact: true });
  await tool('Actual size').click();
  await tool('Fit to window').click();
  await tool('Full screen').click();
  await tool('Leave full screen').click();
  await tool('Ctrl+Alt+Del').click();
  await tool('Control').click();
  await tool('View only').click();

  // Typing and clicking work there.
  const file = path.join(desktop.home, 'typed.txt');
  fs.writeFileSync(file, '');
  desktop.run('mousepad', [file]);
  await desktop.window('typed.txt');
  const geometry = desktop.x('xdotool', 'getwindowgeometry', '--shell', await desktop.window('typed.txt'));
  const at = (name: string) => Number(geometry.match(new RegExp(`${name}=(\\d+)`))![1]);
  await clickRemote(page, at('X') + Math.round(at('WIDTH') / 2), at('Y') + Math.round(at('HEIGHT') / 2));
  await page.keyboard.type('Grüße, é ß € 漢 😀');
  await page.keyboard.press('Control+s');
  await until('the typed text in the file', () => fs.readFileSync(file, 'utf8').trimEnd() === 'Grüße, é ß € 漢 😀');

  // The bar's Stop ends it on both sides, and the log has the row.
  await desktop.press(await desktop.ownWindow('bar'), 'stop');
  await expect(page.getByText('Ended by the end-user.')).toBeVisible();
  await desktop.press(await desktop.ownWindow('notice'), 'ok');
  expect(await client.ended()).toBe(0);
  await page.goto(`${server.url}/logs`);
  const logged = page.getByRole('row').filter({ hasText: 'A. Martin' });
  await expect(logged).toContainText('4711');
  await expect(logged).toContainText('Rodney Example');
});

test('a connection ID typed into the client leads to the same', async ({ page }) => {
  await logIn(page, server);
  await page.getByRole('button', { name: 'Share a connection ID' }).click();
  const shown = await until('a connection ID', async () => (await page.locator('body').innerText()).match(/\b(\d{3}) (\d{3})\b/));

  startByHand(desktop, server);
  const main = await desktop.ownWindow('main');
  const layout = () => desktop.x('xprop', '-id', main, '_DESKHAND_CONTROLS');
  const asked = layout();
  const enter = async (id: string) => {
    await desktop.press(main, 'id');
    desktop.key('ctrl+a');
    desktop.x('xdotool', 'type', id);
    desktop.key('Return');
  };
  await enter(shown[0] === '999 999' ? '888-888' : '999-999');
  await until('the sentence about the wrong ID', () => layout().includes('connect') && layout() !== asked);
  await enter(`${shown[1]}-${shown[2]}`);

  await page.getByRole('button', { name: 'Connect', exact: true }).first().click();
  await answer(desktop, 'view');
  await picture(page);
});

test('a denied question ends the viewer with a sentence, and Escape denies', async ({ page }) => {
  await logIn(page, server);
  await startFromLink(desktop, server, '1', 'B');
  await page.getByRole('button', { name: 'Connect', exact: true }).first().click();
  const consent = await desktop.ownWindow('consent');
  await page.waitForTimeout(1200);
  desktop.x('xdotool', 'windowfocus', '--sync', consent, 'key', 'Escape');
  await expect(page.getByText('The end-user denied access.')).toBeVisible();
});

test('a client that is killed and a server that comes back are said in words', async ({ page }) => {
  await logIn(page, server);
  const client = await startFromLink(desktop, server, '2', 'C');
  await page.getByRole('button', { name: 'Connect', exact: true }).first().click();
  await answer(desktop, 'control');
  await picture(page);

  // The server goes and comes back: the session goes on without another question.
  const before = Number(await page.locator('canvas#screen').getAttribute('data-update-id'));
  await server.process.stop();
  await expect(page.getByText(/reconnecting|connection (was )?lost/i).first()).toBeVisible();
  await server.up();
  await expect(page.getByText(/reconnecting/i)).toHaveCount(0, { timeout: 60_000 });
  await picture(page);
  expect(desktop.ownWindows('consent')).toHaveLength(0);
  expect(before).toBeGreaterThan(0);

  // The client is killed: nothing hangs.
  client.child.kill('SIGKILL');
  await expect(page.getByText(/reconnecting|connection (was )?lost|waiting for/i).first()).toBeVisible({ timeout: 30_000 });
});

test('an end-user lets the agent reach the computer at any time, and the session goes on', async ({ page, context }, info) => {
  await logIn(page, server);
  await startFromLink(desktop, server, '4713', 'D. Keller', ['--state', path.join(desktop.home, 'kept'), '--noservice']);
  await page.getByRole('button', { name: 'Connect', exact: true }).first().click();
  await answer(desktop, 'control');
  await picture(page);

  const ask = async () => {
    await until('no question on the screen', () => desktop.ownWindows('consent').length === 0);
    await page.getByRole('button', { name: 'Keep unattended access' }).click();
    await expect(page.getByText('The end-user is asked whether Rodney Example may reach this computer at any time')).toBeVisible();
    await page.screenshot({ path: info.outputPath('dialog.png') });
    await page.getByRole('button', { name: 'Ask the end-user' }).click();
    await expect(page.getByText('The end-user is being asked for access at any time.')).toBeVisible();
  };
  await ask();
  await answer(desktop, 'deny');
  await expect(page.getByText('The end-user does not want access at any time.')).toBeVisible();
  await page.getByRole('button', { name: 'Close', exact: true }).click();

  await ask();
  await desktop.ownWindow('consent');
  desktop.screenshot(info.outputPath('question.png'));
  await page.screenshot({ path: info.outputPath('asking.png') });
  await answer(desktop, 'allow');
  await expect(page.getByText('This is one of your computers now.')).toBeVisible();
  await page.screenshot({ path: info.outputPath('kept.png') });

  const opened = context.waitForEvent('page');
  await page.getByRole('link', { name: 'Show the computer' }).click();
  const computers = await opened;
  await expect(computers.getByRole('complementary').filter({ hasText: 'Online' })).toBeVisible();
  await computers.screenshot({ path: info.outputPath('computer.png') });

  await page.bringToFront();
  await clickRemote(page, 400, 500);
  await until('the pointer where the agent clicked', () => desktop.x('xdotool', 'getmouselocation').startsWith('x:400 y:500'));
});
