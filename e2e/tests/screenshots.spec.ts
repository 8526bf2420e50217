// Draws docs/screenshots/page-*.png and desktop-*.png: SCREENSHOTS=1 npx playwright test screenshots
import fs from 'node:fs';
import path from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { answer, startFromLink, startUnattended } from '../harness/client.ts';
import { logIn, picture } from '../harness/console.ts';
import { Desktop } from '../harness/desktop.ts';
import { ROOT } from '../harness/process.ts';
import { addCompany, addComputers, addLogs, addSessions, nameSession } from '../harness/sample.ts';
import { Server } from '../harness/server.ts';

const folder = path.join(ROOT, 'docs/screenshots');
const terminal = `printf '%s\\n' '$ lpstat -p' 'printer LaserJet-2 disabled since 9 March 2026: out of paper'; PS1='$ ' exec sh`;
const limit = 200_000; // bytes of one picture

let server: Server;
let desktop: Desktop;

test.beforeEach(async () => {
  server = await Server.start();
  addCompany(server);
  desktop = await Desktop.start('1600x900');
});
test.afterEach(async () => {
  await desktop.stop();
  await server.stop();
});

/** One page in both themes. */
async function shoot(page: Page, name: string): Promise<void> {
  await page.mouse.move(0, 0);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const file = path.join(folder, `page-${name}-${colorScheme}.png`);
    await page.screenshot({ path: file, animations: 'disabled', caret: 'hide' });
    expect(fs.statSync(file).size, file).toBeLessThan(limit);
  }
}

/** What stands on an end-user's screen. */
async function work(): Promise<void> {
  desktop.x('xsetroot', '-solid', '#35505c');
  const letter = path.join(desktop.home, 'letter.txt');
  fs.writeFileSync(letter, 'Dear Ms Okafor,\n\nthank you for your order of 12 March. The two shelves leave our\nwarehouse on Thursday; the driver calls half an hour before.\n\nThe invoice is attached. Grüße aus Köln\n\nAnne Martin\n');
  // Not as root, of which the editor would warn.
  fs.chmodSync(desktop.home, 0o777);
  fs.chmodSync(letter, 0o666);
  desktop.run('setpriv', [...(process.getuid!() === 0 ? ['--reuid', '65534', '--regid', '65534', '--clear-groups'] : []), 'mousepad', letter]);
  desktop.x('xdotool', 'windowmove', '--sync', await desktop.window('letter.txt'), '90', '120');
  desktop.run('xclock', ['-geometry', '150x150-40+70']);
  await desktop.window('xclock');
  desktop.run('xterm', ['-geometry', '84x16+640+560', '-fa', 'DejaVu Sans Mono', '-fs', '11', '-title', 'Terminal', '-e', 'sh', '-c', terminal]);
  await desktop.window('Terminal');
}

test('the console', async ({ page }) => {
  await page.goto(server.url);
  await expect(page.getByRole('heading', { name: 'Example IT' })).toBeVisible();
  await shoot(page, 'login');
  await logIn(page, server);
  await expect(page.getByText('This is how a session begins')).toBeVisible();
  await shoot(page, 'sessions-empty');

  await work();
  startUnattended(desktop, server);
  await page.getByRole('link', { name: 'Remote Computers' }).click();
  await expect(page.getByText('Online', { exact: true })).toBeVisible();
  addComputers(server);
  await page.reload();
  await expect(page.getByText('WORKSHOP')).toBeVisible();
  await shoot(page, 'computers');
  addLogs(server);
  await page.goto(`${server.url}/logs`);
  await expect(page.getByText('RECEPTION-02').first()).toBeVisible();
  await shoot(page, 'logs');
  await page.goto(`${server.url}/settings`);
  await expect(page.getByLabel('Name', { exact: true })).toBeVisible();
  await shoot(page, 'settings');

  await startFromLink(desktop, server, '4711', 'A. Martin');
  await page.goto(`${server.url}/sessions`);
  const row = page.getByRole('row').filter({ hasText: 'A. Martin' });
  await expect(row).toContainText('Ready');
  nameSession(server);
  addSessions(server);
  await page.reload();
  await page.getByLabel('Ticket number').fill('4718');
  await page.getByLabel('End-User name').fill('Sofia Rossi');
  await page.getByRole('button', { name: 'Share a connection ID' }).click();
  await expect(page.getByText('1 waits in line')).toBeVisible();
  await expect(page.getByTestId('connection-id')).toBeVisible();
  await shoot(page, 'sessions');

  await row.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(page.getByRole('timer')).toBeVisible();
  await shoot(page, 'viewer-asking');
  await desktop.ownWindow('consent');
  await page.waitForTimeout(1200); // its buttons wake after a second
  desktop.screenshot(path.join(folder, 'desktop-consent.png'));
  await answer(desktop, 'control');
  await picture(page);
  await desktop.ownWindow('bar');
  await page.waitForTimeout(2500); // the status has its numbers
  await shoot(page, 'viewer');
  desktop.screenshot(path.join(folder, 'desktop-bar.png'));
});

test('the end-user’s pages', async ({ page, browser }) => {
  await page.goto(`${server.url}/join/rodney?ticket=4711&name=A.+Martin`);
  await shoot(page, 'join');
  await page.goto(`${server.url}/download`);
  await shoot(page, 'download');
  const phone = await browser.newContext({
    locale: 'de-DE', viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true,
    userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1',
  });
  const small = await phone.newPage();
  await small.goto(`${server.url}/join/rodney?ticket=4711&name=A.+Martin`);
  await shoot(small, 'join-de-phone');
});
