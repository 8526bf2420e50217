// The client for Windows, in Wine, from the server's own download.
import { expect, type Page, test } from '@playwright/test';
import { canvasPixels, clickRemote, differing, logIn, picture } from '../harness/console.ts';
import { until } from '../harness/process.ts';
import { AGENT, Server } from '../harness/server.ts';
import { SignedShelf, Windows } from '../harness/wine.ts';
import fs from 'node:fs';

let server: Server;
let windows: Windows;

let shelf: SignedShelf;

test.beforeEach(async () => {
  shelf = new SignedShelf();
  [server, windows] = await Promise.all([Server.start('--clients', shelf.dir), Windows.start()]);
  shelf.sign(server.url);
});

test.afterEach(async ({}, info) => {
  if (info.status !== info.expectedStatus) {
    windows?.desktop.screenshot(info.outputPath('desktop.png'));
    if (fs.existsSync(windows.path('client.log'))) fs.copyFileSync(windows.path('client.log'), info.outputPath('client.log'));
  }
  await windows?.stop();
  await server?.stop();
  shelf.remove();
});

/** Opens an empty text in notepad; what is saved there is in the file. */
async function notepad(): Promise<{ file: string; x: number; y: number }> {
  const file = windows.path('typed.txt');
  fs.writeFileSync(file, '\uFEFF'); // which has notepad save as UTF-8
  windows.run('notepad', ['C:\\typed.txt']);
  const window = await windows.desktop.window('typed');
  const geometry = windows.desktop.x('xdotool', 'getwindowgeometry', '--shell', window);
  const at = (name: string) => Number(geometry.match(new RegExp(`${name}=(\\d+)`))![1]);
  return { file, x: at('X') + Math.round(at('WIDTH') / 2), y: at('Y') + Math.round(at('HEIGHT') / 2) };
}

/** Types into notepad through the viewer and reads it back from the file. */
async function type(page: Page, text: string): Promise<void> {
  const { file, x, y } = await notepad();
  await clickRemote(page, x, y);
  await page.keyboard.type(text);
  await page.keyboard.press('Control+s');
  await until(`${text} in the file`, () => fs.readFileSync(file, 'utf8').replace(/^\uFEFF/, '').trimEnd() === text);
}

/** The viewer's picture is what X shows. The bar tells the time: both are taken until they fall into the same minute. */
const same = (page: Page) => until('a canvas equal to the screen', async () => differing(windows.desktop.pixels(), await canvasPixels(page)) === 0, 20_000);

/** Sets the computer up by the manual's line, and gives what that says. */
const setUp = (program: string, ...more: string[]) =>
  windows.output(program, ['/createcomputer', '/username', AGENT.userName, '/password', AGENT.password, '/relayurl', 'localhost', '/relayport', String(server.port), ...more]);

test('a computer is set up by the command line, seen and typed on', async ({ page }) => {
  await logIn(page, server);
  const program = await windows.plain(server);
  expect(setUp(program, '/state', 'C:\\state', '/noservice')).toContain('This computer is set up');
  windows.run(program, ['unattended', '/state', 'C:\\state', '/log', 'C:\\client.log']);

  await page.getByRole('link', { name: 'Remote Computers' }).click();
  await page.getByRole('button', { name: 'Connect', exact: true }).first().click();
  expect(await picture(page)).toEqual({ width: 1280, height: 800 });
  await type(page, 'Grüße, é ß € 漢 😀');
  await same(page);
});

test('a prompt runs a shell of the computer', async ({ page }) => {
  windows.addShell();
  await logIn(page, server);
  const program = await windows.plain(server);
  setUp(program, '/state', 'C:\\state', '/noservice');
  windows.run(program, ['unattended', '/state', 'C:\\state', '/log', 'C:\\client.log']);
  await page.getByRole('link', { name: 'Remote Computers' }).click();
  await page.getByRole('button', { name: 'Open a command prompt', exact: true }).click();
  await page.getByRole('button', { name: 'Choose a shell', exact: true }).click();
  await page.getByRole('menuitem', { name: /pwsh/ }).click();
  const screen = page.locator('#prompt-stage .xterm-rows').last();
  await expect(screen).toContainText(/C:\\.*>/, { timeout: 20_000 });
  await page.keyboard.type('cd C:\\windows\n');
  await page.keyboard.type('echo here is %CD%> C:\\said.txt & type C:\\said.txt\n');
  await expect(screen).toContainText('here is C:\\windows');
  expect(fs.readFileSync(windows.path('said.txt'), 'utf8').trim()).toBe('here is C:\\windows');
  await page.keyboard.type('exit 3\n');
  await expect(page.getByText('The shell has ended with exit code 3.')).toBeVisible();
});

test('a link leads to control of the desktop', async ({ page }, info) => {
  await logIn(page, server);
  // The signature is right, and the session is found without the name that says it.
  const downloaded = await windows.download(server, '4711', 'A. Martin');
  expect(shelf.verify(downloaded)).toContain('Signature verification: ok');
  const renamed = windows.path('downloads', 'help.exe');
  fs.renameSync(downloaded, renamed);
  const client = windows.run(renamed, ['/log', 'C:\\client.log']);
  const row = page.getByRole('row').filter({ hasText: 'A. Martin' });
  await expect(row).toContainText('Ready', { timeout: 30_000 });
  await row.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(page.getByTestId('asking-words')).toHaveText(/^[a-z]{3,}[a-z]{3,}$/);
  await page.waitForTimeout(1500); // input does not count during the first second of a question
  windows.desktop.screenshot(info.outputPath('consent.png'));
  windows.desktop.key('shift+Tab', 'space'); // Deny has the focus; beside it is Allow control
  expect(await picture(page)).toEqual({ width: 1280, height: 800 });
  await type(page, 'Grüße, é ß € 漢 😀');
  await same(page);
  await page.screenshot({ path: info.outputPath('viewer.png') });

  // Whoever sits there ends it by the keyboard.
  windows.desktop.key('ctrl+alt+shift+s');
  await expect(page.getByText('Ended by the end-user.')).toBeVisible();
  await until('the client to be gone once its notice was read', () => {
    if (client.running) windows.desktop.key('Return'); // the notice comes a moment later than what the agent reads
    return !client.running;
  });
  expect(await client.ended()).toBe(0);
});

test('the service keeps a computer in reach, and goes without a trace', async ({ page }) => {
  await logIn(page, server);
  const program = await windows.plain(server);
  expect(setUp(program)).toContain('starts with the computer');
  expect(windows.output(program, ['service', 'status'])).toContain('installed and running');

  await page.getByRole('link', { name: 'Remote Computers' }).click();
  const row = page.getByRole('row').filter({ hasText: AGENT.name });
  await expect(row).toContainText('Online', { timeout: 30_000 });
  windows.output(program, ['service', 'stop']);
  await expect(row).toContainText('Offline', { timeout: 30_000 });
  windows.output(program, ['service', 'start']);
  await expect(row).toContainText('Online', { timeout: 30_000 });

  windows.output(program, ['removecomputer']);
  const left = () => [['Program Files', 'Deskhand'], ['ProgramData', 'Deskhand']].filter((p) => fs.existsSync(windows.path(...p)));
  await until('nothing of it on the disk', () => left().length === 0);
  await expect(row).toHaveCount(0);
});
