// The pages of the console, from its own table of routes, so that a page that is added is looked at as well.
import fs from 'node:fs';
import path from 'node:path';
import { expect, type Page, type Request } from '@playwright/test';
import { ROOT } from './process.ts';
import type { Server } from './server.ts';

const source = (file: string) => fs.readFileSync(path.join(ROOT, 'web/src', file), 'utf8');

/** Every page that has an address without a variable in it, once logged in. */
export function consolePages(): string[] {
  const routes = [...source('routes.tsx').matchAll(/\bpath: "(\/[a-z/-]+?)(?:\/:id\?)?"/g)].map((m) => m[1]!);
  const sections = [...source('pages/admin/sections.ts').matchAll(/\bpath: "([a-z-]+)"/g)].map((m) => `/admin/${m[1]}`);
  const apart = ['/login', '/login/oidc', '/login/oidc/callback', '/admin', ...alonePages]; // the two lead on at once
  return [...routes.filter((route) => !apart.includes(route)), ...sections];
}

/** Pages for who is not logged in: without navigation, and in the browser's language. */
export const alonePages = ['/invitation', '/forgot', '/reset'];

/** What each page has asked for and not got yet; the socket of the events stays open and is no request. */
const pending = new WeakMap<Page, Set<Request>>();

function watch(page: Page): void {
  if (pending.has(page)) return;
  const open = new Set<Request>();
  pending.set(page, open);
  page.on('request', (r) => open.add(r));
  page.on('requestfinished', (r) => open.delete(r));
  page.on('requestfailed', (r) => open.delete(r));
}

/** Waits until a page has all that it asked for, and has drawn it without asking for more. */
async function settled(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.locator('[class*=Skeleton]')).toHaveCount(0);
  const draw = () => page.evaluate(() => new Promise<void>((resolve) => { requestAnimationFrame(() => requestAnimationFrame(() => resolve())); }));
  await expect.poll(async () => {
    const before = pending.get(page)!.size;
    await draw();
    return before + pending.get(page)!.size;
  }, { intervals: [20] }).toBe(0);
  await expect(page.locator('[class*=Skeleton]')).toHaveCount(0);
}

/** Opens a page anew and waits until it has what it asked the server for. */
export async function open(page: Page, server: Server, where: string): Promise<void> {
  watch(page);
  await page.goto(server.url + where);
  await settled(page);
}

/** Nothing of it once the page is at rest: while a font arrives or a chart is laid out anew, a word may not fit for a moment. */
export const expectNone = (look: () => Promise<string[]>, what: string) => expect.poll(look, { message: what, timeout: 5_000 }).toEqual([]);

/** What sticks out to the side of the window, so that one would have to scroll for it. */
export async function sticksOut(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth > width) found.push(`the page is ${document.documentElement.scrollWidth} px wide`);
    const scrolls = (e: Element | null): boolean => e !== null && (['auto', 'scroll', 'hidden'].includes(getComputedStyle(e).overflowX) || scrolls(e.parentElement));
    for (const e of document.querySelectorAll('h1, h2, button, a, input, p, label, [role=row], [role=tab]')) {
      const box = e.getBoundingClientRect();
      if (box.width > 2 && box.right > width + 1 && !scrolls(e.parentElement)) found.push(`${e.tagName} ${(e.textContent ?? '').slice(0, 40)} ends at ${Math.round(box.right)} px`);
    }
    // The sheet itself hides what sticks out of it; what it scrolls to the side is only a wide table.
    for (const e of document.querySelectorAll('main, main > div')) if (e.scrollWidth > e.clientWidth + 1 && !e.querySelector('[role=table], [role=grid]')) found.push(`${e.className} is ${e.scrollWidth} px wide`);
    return found;
  });
}

/** What does not show that it has the focus, among the next steps of the keyboard through a page. */
export async function hidesFocus(page: Page, steps: number): Promise<string[]> {
  const without: string[] = [];
  for (let i = 0; i < steps; i++) {
    await page.keyboard.press('Tab');
    const seen = await page.evaluate(() => {
      const e = document.activeElement as HTMLElement;
      if (e === document.body) return 'end';
      const draws = (x: Element | null) => {
        if (!x) return false;
        const s = getComputedStyle(x);
        const seen = Number.parseFloat(s.opacity) > 0 && x.getBoundingClientRect().width > 4;
        return seen && ((s.outlineStyle !== 'none' && Number.parseFloat(s.outlineWidth) >= 1) || s.boxShadow !== 'none');
      };
      // A switch and a radio draw the ring on what stands for them.
      const standIn = e.matches('input[type=checkbox], input[type=radio]') ? [e, e.nextElementSibling, e.parentElement] : [e, e.parentElement];
      return standIn.some(draws) ? '' : e.outerHTML.slice(0, 160);
    });
    if (seen === 'end') break;
    if (seen) without.push(seen);
  }
  return without;
}
