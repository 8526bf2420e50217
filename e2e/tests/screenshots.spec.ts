// Draws docs/screenshots/page-*.png and desktop-*.png: SCREENSHOTS=1 npx playwright test screenshots. In git is each page in light, and a few
// in dark and on a phone; all others, German and what is seldom seen, go to the folder SCREENSHOTS_DIR, or to a temporary one.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type Browser, type BrowserContextOptions, expect, type Page, test } from '@playwright/test';
import { addAdministration, addBoss, addHour, BOSS } from '../harness/administration.ts';
import { answer, startFromLink, startUnattended } from '../harness/client.ts';
import { logIn, picture } from '../harness/console.ts';
import { Desktop } from '../harness/desktop.ts';
import { consolePages, open } from '../harness/pages.ts';
import { ROOT } from '../harness/process.ts';
import { addCompany, addComputers, addLogs, addMany, addSessions, nameSession } from '../harness/sample.ts';
import { Server } from '../harness/server.ts';

const folder = path.join(ROOT, 'docs/screenshots');
const others = process.env.SCREENSHOTS_DIR ?? fs.mkdtempSync(path.join(os.tmpdir(), 'deskhand-screenshots-'));
console.log(`pictures that are not kept: ${others}`);
const terminal = `printf '%s\\n' '$ lpstat -p' 'printer LaserJet-2 disabled since 9 March 2026: out of paper'; PS1='$ ' exec sh`;
const limit = 200_000; // bytes of one picture
const alsoKept = ['sessions-dark', 'sessions-phone', 'viewer-dark', 'join-dark', 'join-phone', 'join-de-phone', 'sessions-de'];
const sizes = [{ suffix: '', width: 1440, height: 900 }, { suffix: '-phone', width: 390, height: 844 }];
const iPhone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1';

test.setTimeout(300_000);

let server: Server;
test.beforeEach(async () => {
  server = await Server.start();
  addCompany(server);
});
test.afterEach(async () => { await server.stop(); });

/** One page, wide and on a phone, in both themes. What is only to be looked at (seldom) is not kept in git. */
async function shoot(page: Page, name: string, { seldom = false, wide = true } = {}): Promise<void> {
  await page.mouse.move(0, 0);
  for (const { suffix, width, height } of wide ? sizes : sizes.slice(1)) {
    for (const colorScheme of ['light', 'dark'] as const) {
      const full = name + suffix + (colorScheme === 'dark' ? '-dark' : '');
      const kept = !seldom && ((suffix === '' && colorScheme === 'light' && !name.endsWith('-de')) || alsoKept.includes(full));
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.evaluate(() => new Promise((resolve) => { requestAnimationFrame(() => requestAnimationFrame(resolve)); }));
      const file = path.join(kept ? folder : others, `page-${full}.png`);
      await page.screenshot({ path: file, animations: 'disabled', caret: 'hide' });
      if (!kept) continue;
      execFileSync('convert', [file, '+dither', '-colors', '256', '-define', 'png:compression-level=9', '-strip', `png8:${file}`]); // a third of the size
      expect(fs.statSync(file).size, file).toBeLessThan(limit);
    }
  }
  await page.setViewportSize(sizes[0]!);
}

const nameOf = (where: string) => where.slice(1).replaceAll('/', '-');

/** What stands on an end-user's screen. */
async function work(desktop: Desktop): Promise<void> {
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

test('an agent’s day', async ({ page }) => {
  const desktop = await Desktop.start('1600x900');
  try {
    await logIn(page, server);
    await expect(page.getByText('This is how a session begins')).toBeVisible();
    await shoot(page, 'sessions-empty');
    await work(desktop);
    startUnattended(desktop, server);
    await page.getByRole('link', { name: 'Remote Computers' }).click();
    await expect(page.getByText('Online', { exact: true })).toBeVisible();
    addComputers(server);
    const group = async (name: string, visibility: string, ids: string[]) => {
      const groupId = (await (await page.request.post(`${server.url}/api/groups`, { data: { name, visibility } })).json()).id;
      expect((await page.request.post(`${server.url}/api/computers/move`, { data: { ids, visibility, groupId } })).status()).toBeLessThan(300);
    };
    await group('Contoso, Lyon', 'me', ['c0', 'c1']);
    await group('Office', 'everyone', ['c3', 'c4']);
    expect((await page.request.patch(`${server.url}/api/computers/c0`, { data: { tags: ['till'], note: 'Behind the counter' } })).ok()).toBe(true);
    await open(page, server, '/computers');
    await shoot(page, 'computers');
    await page.getByRole('button', { name: 'Add a computer', exact: true }).click();
    await expect(page.getByRole('button', { name: 'Add an end-user’s computer', exact: true })).toBeVisible();
    await shoot(page, 'computers-add');
    await page.getByRole('button', { name: 'Add an end-user’s computer', exact: true }).click();
    await page.getByRole('button', { name: 'Make a link', exact: true }).click();
    await expect(page.getByTestId('link')).toBeVisible();
    await shoot(page, 'computers-link', { seldom: true });
    await page.getByRole('button', { name: 'Command line', exact: true }).click();
    await shoot(page, 'computers-line', { seldom: true });
    await open(page, server, '/computers');
    await page.getByRole('link', { name: 'BACKOFFICE-01', exact: true }).click();
    await expect(page.getByRole('heading', { name: 'BACKOFFICE-01' })).toBeVisible();
    await shoot(page, 'computer', { seldom: true }); // it tells of the machine that draws
    await page.goto(`${server.url}/computers`);
    await page.getByRole('row').filter({ hasText: 'BACKOFFICE-01' }).getByRole('button', { name: 'Open a command prompt' }).click();
    const prompt = page.locator('#prompt-stage .xterm-rows');
    await expect(prompt).toContainText(/[$#>]/);
    await page.keyboard.type("cd /etc; PS1='cashier@backoffice-01:\\w$ '; clear; ls -l host*; df -h /; printf '\\033[32mready\\033[0m Grüße aus Köln – 漢字 ✓\\n'\n");
    await expect(prompt).toContainText('Grüße aus Köln');
    await shoot(page, 'prompt');
    await page.keyboard.type('exit\n');
    await expect(page.getByText('The command prompt has ended.')).toBeVisible();
    await page.goto(`${server.url}/logs?type=command-prompt`);
    await page.getByRole('row').filter({ hasText: 'Rodney Example' }).getByRole('link').click();
    await page.getByRole('button', { name: 'Show the transcript' }).first().click();
    await expect(page.getByRole('region', { name: /^Transcript of/ })).toContainText('Grüße aus Köln');
    await shoot(page, 'logs-transcript');
    addLogs(server);
    await open(page, server, '/logs');
    await shoot(page, 'logs');
    await page.getByRole('link', { name: /\d{4}, \d/ }).nth(4).click();
    await expect(page.getByRole('heading', { name: 'Who connected' })).toBeVisible();
    await shoot(page, 'logs-open');

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
    await page.getByRole('button', { name: 'QR code' }).click();
    await expect(page.getByRole('img', { name: /QR/ }).or(page.locator('svg[role=img]'))).toBeVisible();
    await shoot(page, 'sessions-qr', { seldom: true });
    await page.getByRole('heading', { name: 'Remote Sessions' }).click();
    await expect(page.locator('svg[role=img]')).toBeHidden();
    await page.keyboard.press('Control+k');
    await expect(page.getByRole('combobox')).toBeFocused();
    await shoot(page, 'palette');
    await page.keyboard.press('Escape');

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
    await desktop.press(await desktop.ownWindow('bar'), 'stop');
    await expect(page.getByText('Ended by the end-user.')).toBeVisible();
    await shoot(page, 'viewer-ended');
  } finally {
    await desktop.stop();
  }
});

test('administration and settings', async ({ page, browser }) => {
  addBoss(server);
  await logIn(page, server, BOSS);
  await addAdministration(page.request, server);
  await addHour(page);
  const own = consolePages().filter((where) => !['/sessions', '/computers', '/logs'].includes(where));
  for (const where of own) {
    await open(page, server, where);
    await shoot(page, nameOf(where));
  }
  await page.goto(`${server.url}/admin/webhooks`);
  await page.getByRole('button', { name: 'Last answers' }).first().click();
  await shoot(page, 'admin-webhooks-answers', { seldom: true });
  for (const [where, button] of [['agents', 'Add agent'], ['roles', 'Add role'], ['webhooks', 'Add a webhook']]) {
    await open(page, server, `/admin/${where}`);
    await page.getByRole('button', { name: button!, exact: true }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
    await shoot(page, `admin-${where}-dialog`, { seldom: true });
  }
  await open(page, server, '/nowhere');
  await shoot(page, 'not-found', { seldom: true });

  const agents = await (await page.request.get(`${server.url}/api/agents`)).json();
  const id = (name: string) => agents.items.find((one: { userName: string }) => one.userName === name).id;
  const invitation = await (await page.request.post(`${server.url}/api/agents/${id('grace')}/invitation`)).json();
  const reset = await (await page.request.post(`${server.url}/api/agents/${id('tom')}/reset-link`)).json();
  const nobody = await (await browser.newContext({ locale: 'en-GB' })).newPage();
  for (const [name, url] of [['invitation', invitation.url], ['reset', reset.url], ['forgot', `${server.url}/forgot`], ['login', server.url], ['invitation-over', `${server.url}/invitation`]]) {
    await nobody.goto('about:blank');
    await nobody.goto(url);
    await expect(nobody.getByRole('heading', { level: 1 })).toBeVisible();
    await nobody.waitForLoadState('networkidle');
    await shoot(nobody, name);
  }
  await nobody.goto(server.url);
  await nobody.getByLabel(/user name/i).fill('tom');
  await nobody.getByLabel(/^password/i).fill('wrong');
  await nobody.getByRole('button', { name: 'Log in', exact: true }).click();
  await expect(nobody.getByRole('alert').or(nobody.getByText(/wrong/))).toBeVisible();
  await shoot(nobody, 'login-wrong', { seldom: true });
});

test('the console in German', async ({ page }) => {
  addBoss(server);
  await logIn(page, server, BOSS);
  await addAdministration(page.request, server);
  server.sql(`UPDATE agent SET role = 'administrator' WHERE user_name = 'rodney'`);
  await page.request.post(`${server.url}/api/logout`);
  await logIn(page, server);
  addComputers(server);
  addSessions(server);
  addLogs(server);
  await addHour(page);
  await page.request.patch(`${server.url}/api/me`, { data: { language: 'de' } });
  for (const where of consolePages()) {
    await open(page, server, where);
    await shoot(page, `${nameOf(where)}-de`);
  }
});

test('what is seldom seen: nothing, a fault, the wait for an answer, a thousand rows', async ({ page }) => {
  server.sql(`UPDATE agent SET role = 'administrator' WHERE user_name = 'rodney'`);
  await logIn(page, server);
  const pages = consolePages();
  for (const where of pages) {
    await open(page, server, where);
    await shoot(page, `${nameOf(where)}-nothing`, { seldom: true });
  }
  const data = /\/api\/(?!me\b|welcome\b|events\b|calls\b)/;
  await page.route(data, (route) => route.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify({ type: 'about:blank', status: 503, title: 'Service Unavailable', code: 'unavailable', fault: 'The database is busy.', hint: 'Try again in a moment.' }) }));
  for (const where of pages) {
    await page.goto(server.url + where);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await page.waitForTimeout(4000); // it is tried again first
    await shoot(page, `${nameOf(where)}-fault`, { seldom: true });
  }
  await page.unroute(data);
  await page.route(data, () => {});
  for (const where of pages) {
    await page.goto(server.url + where);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await shoot(page, `${nameOf(where)}-wait`, { seldom: true });
  }
  await page.unroute(data);
  addMany(server, 1000);
  addLogs(server, 1000);
  for (const where of ['/sessions', '/computers', '/logs']) {
    await open(page, server, where);
    await shoot(page, `${nameOf(where)}-thousand`, { seldom: true });
  }
});

/** A page as somebody elsewhere opens it. */
async function elsewhere(browser: Browser, options: BrowserContextOptions): Promise<Page> {
  return (await browser.newContext({ locale: 'en-GB', ...options })).newPage();
}

test('the end-user’s pages', async ({ page, browser }) => {
  const link = '/join/rodney?ticket=4711&name=A.+Martin';
  await page.goto(server.url + link);
  await shoot(page, 'join');
  await page.goto(`${server.url}/download`);
  await shoot(page, 'download');
  const console = await elsewhere(browser, {});
  await logIn(console, server);
  const made = await (await console.request.post(`${server.url}/api/computers/links`, { data: { kind: 'end-user', name: 'Front desk' } })).json();
  await page.goto(made.url);
  await shoot(page, 'unattended');
  await page.goto(`${server.url}/join/nobody`);
  await shoot(page, 'link-unknown');
  await page.goto(`${server.url}/s/00000000000000000000000000`);
  await shoot(page, 'link-expired', { seldom: true });
  for (const locale of ['en-GB', 'de-DE']) {
    const small = await elsewhere(browser, { locale, isMobile: true, hasTouch: true, viewport: sizes[1]!, userAgent: iPhone });
    await small.goto(server.url + link);
    await shoot(small, locale === 'de-DE' ? 'join-de' : 'join', { wide: false });
  }
  const german = await elsewhere(browser, { locale: 'de-DE', userAgent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36' });
  for (const [name, where] of [['join-windows', link], ['download', '/download'], ['link-unknown', '/join/nobody']]) {
    await german.goto(server.url + where);
    await shoot(german, `${name}-de`);
  }
  server.sql('ALTER TABLE agent RENAME TO agent_away');
  await page.goto(server.url + link);
  await shoot(page, 'link-failed', { seldom: true });
  for (let i = 0; i < 300; i++) if ((await page.request.get(`${server.url}/download/file?platform=linux-x86_64`, { maxRedirects: 0 })).status() === 429) break;
  await page.goto(`${server.url}/download/file?platform=linux-x86_64`);
  await shoot(page, 'link-paced', { seldom: true });
});
