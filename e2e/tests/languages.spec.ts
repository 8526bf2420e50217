// The console in each language: every page with a few rows, nothing in another language, nothing cut off.
import fs from 'node:fs';
import path from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { logIn } from '../harness/console.ts';
import { alonePages, consolePages, expectNone, open, sticksOut } from '../harness/pages.ts';
import { ROOT } from '../harness/process.ts';
import { addCompany, addComputers, addLogs, addSessions } from '../harness/sample.ts';
import { Server } from '../harness/server.ts';

test.setTimeout(240_000);

let server: Server;

test.beforeAll(async () => {
  server = await Server.start();
  addCompany(server);
  server.sql(`UPDATE agent SET role = 'administrator' WHERE user_name = 'rodney'; UPDATE agent SET name = 'Noor Haddad' WHERE user_name = 'admin'`);
  addSessions(server);
  addComputers(server);
  addLogs(server, 5);
});
test.afterAll(async () => { await server.stop(); });
test.beforeEach(async ({ page }) => { await logIn(page, server); });

type Texts = { [key: string]: string | Texts };
const flat = (texts: Texts, before = ''): [string, string][] => Object.entries(texts).flatMap(([key, value]) => (typeof value === 'string' ? [[before + key, value]] : flat(value, `${before}${key}.`)));
const catalogue = (language: string): Map<string, string> => {
  const folder = path.join(ROOT, 'web/src/locales', language);
  return new Map(fs.readdirSync(folder).flatMap((file) => flat(JSON.parse(fs.readFileSync(path.join(folder, file), 'utf8')))));
};

/** Words of the interface that do not fit where they stand. */
const cutOff = (page: Page) => page.evaluate(() =>
  [...document.querySelectorAll('h1, h2, h3, button, button *, label, nav a, nav a *, [role=columnheader], [role=columnheader] *, [role=tab], legend, summary')]
    .filter((e) => e.clientWidth > 1 && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX !== 'visible' && e.textContent?.trim())
    .map((e) => e.textContent!.trim()));

for (const language of ['en', 'de', 'es', 'fr', 'it', 'pt']) {
  test(`every page is in ${language}, and nothing in it is cut off`, async ({ page }) => {
    const english = catalogue('en');
    const own = catalogue(language);
    const everywhere = new Set(own.values());
    // Texts of a few words that are different in this language.
    const foreign = [...english].filter(([key, text]) => own.get(key) !== text && !everywhere.has(text) && !text.includes('{{') && text.length > 7).map(([, text]) => text);
    expect((await page.request.patch(`${server.url}/api/me`, { data: { language } })).ok()).toBe(true);
    for (const where of [...consolePages(), ...alonePages]) {
      await page.setViewportSize({ width: 1440, height: 900 });
      await open(page, server, where);
      await expect(page.locator('html')).toHaveAttribute('lang', language);
      const lines = (await page.locator('body').innerText()).split('\n').map((line) => line.trim());
      expect(lines.filter((line) => english.has(line)), `keys on ${where}`).toEqual([]);
      if (language !== 'en') expect(lines.filter((line) => foreign.includes(line)), `English on ${where}`).toEqual([]);
      await expectNone(() => cutOff(page), `cut off on ${where}`);
      await page.setViewportSize({ width: 390, height: 844 });
      await expectNone(() => cutOff(page), `cut off on ${where}, on a phone`);
      await expectNone(() => sticksOut(page), `${where}, on a phone`);
    }
    await page.request.patch(`${server.url}/api/me`, { data: { language: '' } });
  });
}
