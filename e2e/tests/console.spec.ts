// The console as a whole: every page with nothing, little and much in it, for screen readers, by keyboard, on a phone.
import { expect, type Page, test } from '@playwright/test';
import { logIn } from '../harness/console.ts';
import { collectFaults, expectAccessible, expectEdges } from '../harness/faults.ts';
import { alonePages, consolePages, expectNone, hidesFocus, open, sticksOut } from '../harness/pages.ts';
import { addCompany, addComputers, addLogs, addMany, addSessions } from '../harness/sample.ts';
import { Server } from '../harness/server.ts';

test.setTimeout(240_000);

let server: Server;
let faults: string[];

test.beforeAll(async () => {
  server = await Server.start();
  addCompany(server);
  server.sql(`UPDATE agent SET role = 'administrator' WHERE user_name = 'rodney'; UPDATE agent SET name = 'Noor Haddad' WHERE user_name = 'admin'`);
});
test.afterAll(async () => { await server.stop(); });
test.beforeEach(async ({ page }) => {
  faults = await collectFaults(page);
  await logIn(page, server);
});
test.afterEach(() => { expect(faults).toEqual([]); });

const looked = new Set<string>();

/** Looks at every page as it is now, but for those that are what they were before: few change with what the server holds. */
async function everyPage(page: Page, what: string): Promise<void> {
  for (const where of [...consolePages(), ...alonePages]) {
    await page.setViewportSize({ width: 1440, height: 900 });
    await open(page, server, where);
    const markup = where + (await page.content()).replace(/mantine-[a-z0-9]{9,}|_r_\w+_/g, '');
    if (looked.has(markup)) continue;
    looked.add(markup);
    await expectAccessible(page, `${where} with ${what}`);
    for (const width of [640, 360]) { // 640 px is a window of 1280 px at 200 %
      await page.setViewportSize({ width, height: 780 });
      await expectNone(() => sticksOut(page), `${where} with ${what} at ${width} px`);
    }
  }
}

test('every page is accessible and fits a phone, with nothing in it', async ({ page }) => {
  await everyPage(page, 'nothing');
});

test('every page is accessible and fits a phone, with a few rows', async ({ page }) => {
  addSessions(server);
  addComputers(server);
  addLogs(server, 5);
  await everyPage(page, 'a few rows');
});

test('whatever has the focus shows it, and every page begins with the way past the navigation', async ({ page }) => {
  for (const where of [...consolePages(), ...alonePages]) {
    await open(page, server, where);
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    if (!alonePages.includes(where)) {
      await page.keyboard.press('Tab');
      await expect(page.getByRole('link', { name: 'Skip to content' }), where).toBeFocused();
    }
    expect(await hidesFocus(page, 30), where).toEqual([]);
  }
});

test('who forces colours sees edges, states and the focus', async ({ page }) => {
  for (const where of [...consolePages(), ...alonePages]) {
    await open(page, server, where);
    const edges = await expectEdges(page, where);
    if (!alonePages.includes(where)) expect.soft(edges, `${where} has something that stands out`).toBeGreaterThan(0);
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    expect.soft(await hidesFocus(page, 12), where).toEqual([]);
  }
});

test('who wants less motion gets none', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await open(page, server, '/sessions');
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox')).toBeFocused();
  const moving = await page.evaluate(() => [...document.querySelectorAll('*')].filter((e) => {
    const s = getComputedStyle(e);
    return [s.animationDuration, s.transitionDuration].some((d) => d.split(',').some((one) => Number.parseFloat(one) > 0.001));
  }).map((e) => e.className));
  expect(moving).toEqual([]);
});

test('the palette and the keys lead through the console', async ({ page }) => {
  const button = page.getByRole('button', { name: 'Search and commands' });
  await button.focus();
  await page.keyboard.press('Enter');
  const field = page.getByRole('combobox', { name: 'Search for a page' });
  await expect(field).toBeFocused();
  await expectAccessible(page, 'the palette');
  await page.keyboard.press('Escape');
  await expect(button).toBeFocused();

  await page.keyboard.press('Control+k');
  await field.fill('rem comp');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Remote Computers', level: 1 })).toBeVisible();
  await page.keyboard.press('g');
  await page.keyboard.press('l');
  await expect(page.getByRole('heading', { name: 'Session Logs', level: 1 })).toBeVisible();
  await page.keyboard.press('n');
  await expect(page.getByTestId('connection-id')).toHaveText(/^\d{3} \d{3}$/);
  await expect(page.getByText('New connection ID')).toBeVisible();

  await page.keyboard.press('?');
  const list = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await expect(list).toBeVisible();
  await expectAccessible(page, 'the list of keys');
  await list.getByRole('switch').press('Space');
  await page.keyboard.press('Escape');
  await expect(list).toBeHidden();
  await page.keyboard.press('?');
  await page.keyboard.press('Control+k');
  await expect(field).toBeFocused(); // so the other key had no effect
  await expect(list).toBeHidden();
  await page.keyboard.type('dark');
  await page.keyboard.press('Enter');
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('deutsch');
  await page.keyboard.press('Enter');
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  await page.request.patch(`${server.url}/api/me`, { data: { theme: '', language: '' } });
});

test('every page is accessible and fits a phone, with a thousand rows', async ({ page }) => {
  addMany(server, 1000);
  addLogs(server, 1000);
  await everyPage(page, 'a thousand rows');
});

test('on a slow line a page shows what will come; a server that is gone is told, and found again', async ({ page }) => {
  const skeleton = page.locator('[class*=Skeleton]');
  for (const where of ['/computers', '/logs', '/admin/agents', '/admin/audit']) {
    let answer = () => {};
    const wait = new Promise<void>((resolve) => { answer = resolve; });
    await page.route(/\/api\/(computers|logs|agents|audit)(\?|$)/, async (route) => {
      await wait;
      await route.continue();
    });
    await page.goto(server.url + where);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(skeleton.first(), where).toBeVisible();
    answer();
    await expect(page.getByRole('row').nth(3), where).toBeVisible();
    await expect(skeleton, where).toHaveCount(0);
    await page.unroute(/\/api\/(computers|logs|agents|audit)(\?|$)/);
  }

  await server.process.stop();
  const lost = page.getByText('Connection lost, retrying');
  await expect(lost).toBeVisible();
  await page.getByRole('button', { name: 'Retry now' }).click(); // in vain
  await expect(lost).toBeVisible();
  await expectAccessible(page, 'without a server');
  await server.up();
  await expect(lost).toBeHidden({ timeout: 30_000 });
  faults = faults.filter((fault) => !/^WebSocket connection to|ERR_CONNECTION_REFUSED/.test(fault));
});
