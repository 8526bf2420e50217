// An unattended computer: text arrives exactly, and the picture is the screen to the pixel.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { startUnattended } from '../harness/client.ts';
import { canvasPixels, clickRemote, differing, logIn, picture } from '../harness/console.ts';
import { Desktop } from '../harness/desktop.ts';
import { type Process, until } from '../harness/process.ts';
import { Server } from '../harness/server.ts';

let server: Server;
let desktop: Desktop;
let client: Process;

test.beforeEach(async ({ page }) => {
  server = await Server.start();
  desktop = await Desktop.start();
  client = startUnattended(desktop, server);
  await logIn(page, server);
  await page.getByRole('link', { name: 'Remote Computers' }).click();
  await page.getByRole('button', { name: 'Connect', exact: true }).first().click();
  await picture(page);
});

test.afterEach(async ({}, info) => {
  if (info.status !== info.expectedStatus) desktop?.screenshot(info.outputPath('desktop.png'));
  await desktop?.stop();
  await server?.stop();
});

test('a picture drawn there is the viewer’s canvas to the pixel, also after the screen changed size', async ({ page }) => {
  const noise = path.join(desktop.home, 'noise.png');
  execFileSync('convert', ['-size', '500x300', 'plasma:fractal', noise]);
  desktop.run('display', ['-immutable', '-geometry', '+300+200', noise]);
  await desktop.window('noise');
  // The bar's timer changes each second: both pictures are taken until they fall into the same second.
  const equal = () => until('a canvas equal to the screen', async () => {
    const screen = desktop.pixels();
    const canvas = await canvasPixels(page);
    return differing(screen, canvas) === 0 ? screen : undefined;
  }, 20_000);
  const first = await equal();
  expect(new Set(first.rgba.subarray(0, 4_000_000)).size).toBeGreaterThan(50);

  desktop.resize(1024, 768);
  await expect.poll(() => picture(page), { timeout: 20_000 }).toEqual({ width: 1024, height: 768 });
  await equal();
});

test('text of every script is typed exactly into a terminal', async ({ page }) => {
  const out = path.join(desktop.home, 'out.txt');
  desktop.run('xterm', ['-u8', '-geometry', '80x20+100+150', '-e', 'sh', '-c', `cat > ${out}`]);
  const xterm = await desktop.window('sh');
  desktop.x('xdotool', 'windowfocus', '--sync', xterm);
  await clickRemote(page, 300, 300);
  const text = 'é ß € 漢 😀 ñ Ж "quotes" ~^`';
  await page.keyboard.type(`${text}\n`);
  await until(`${text} in the file`, () => fs.existsSync(out) && fs.readFileSync(out, 'utf8') === `${text}\n`);
});

test('closing the viewer gives the bar, the shared memory and the display back', async ({ page }) => {
  await desktop.ownWindow('bar');
  await page.goto(`${server.url}/logs`);
  await until('the bar to go', () => desktop.ownWindows('bar').length === 0);
  const clients = () => desktop.x('xlsclients').split('\n').length;
  await until('the row in the log', async () => (await page.getByRole('row').filter({ hasText: 'Unattended' }).count()) > 0);
  expect(clients()).toBeGreaterThan(0);
  expect(await client.stop()).toBe(0);
  const segments = fs.readFileSync('/proc/sysvipc/shm', 'utf8').split('\n').slice(1).filter((l) => Number(l.trim().split(/\s+/)[4]) === client.pid);
  expect(segments).toEqual([]);
});

test('the display goes away: the viewer says so', async ({ page }) => {
  await desktop.cut();
  await expect(page.getByText('The display was disconnected.')).toBeVisible({ timeout: 20_000 });
  await expect(page.getByRole('button', { name: 'End', exact: true })).toBeVisible(); // the view goes on when a display comes back
  expect(client.running).toBe(true);
});
