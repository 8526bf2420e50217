// Remote Computers with 10 000 computers in 300 groups, two of three online: how long the list takes, and each key of a search, alone and while
// a hundred computers a second come and go. PROFILE=FILE keeps the browser's CPU profile of the first search.
import fs from 'node:fs';
import { expect, type Page, test } from '@playwright/test';
import { logIn } from '../harness/console.ts';
import { Server } from '../harness/server.ts';
import { ms, print } from './figures.ts';

const COMPUTERS = 10_000;
const CHANGES = 100; // a second
const series = (n: number) => `WITH RECURSIVE series (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM series WHERE i < ${n})`;

function fill(server: Server): void {
  const owner = `(SELECT id FROM agent WHERE user_name = 'rodney')`;
  server.sql(`INSERT INTO computer_group (id, parent_id, owner_id, name, created_at) ${series(300)}
    SELECT 'g' || i, CASE WHEN i <= 60 THEN '' ELSE 'g' || (i - 60) END, '', 'Branch ' || i, 1 FROM series`);
  server.sql(`INSERT INTO computer (id, owner_id, name, user_name, system, address, public_key, visibility, online, prompts, epoch, created_at, last_seen_at, removed_at, group_id, note, tags, sites)
    ${series(COMPUTERS)} SELECT 'c' || i, ${owner}, substr('RECEPTIONWAREHOUSECASHDESKWORKSHOP', i % 25 + 1, 9) || '-' || i, 'user' || i % 977, 'Debian GNU/Linux 13 (trixie)',
    '198.51.100.' || i % 251, CAST('key ' || i AS BLOB), 'everyone', i % 3 <> 0, 1, 1, 1, i * 1000000, 0, 'g' || (i % 300 + 1), '', 'till', '198.51.100.' || i % 251 || ' 10.0.0.0/24' FROM series`);
}

/** A key's time: from the key to the next picture at all, and to the first picture after the list has changed. */
function watchKeys(): void {
  const w = window as unknown as { painted: number[]; found: number[]; rest: number };
  w.painted = [];
  w.found = [];
  let keys = 0;
  addEventListener('keydown', () => {
    const begin = performance.now();
    const key = ++keys;
    requestAnimationFrame(() => setTimeout(() => w.painted.push(performance.now() - begin)));
    const count = () => document.querySelector('[role=table]')?.getAttribute('aria-rowcount');
    const rows = count();
    const look = () => {
      if (count() !== rows) requestAnimationFrame(() => setTimeout(() => w.found.push(performance.now() - begin)));
      else if (key === keys) requestAnimationFrame(look); // else the next one was pressed: this one found the same rows
    };
    look();
  }, { capture: true });
}

async function type(page: Page, words: string[]): Promise<{ painted: number[]; found: number[] }> {
  const search = page.getByRole('searchbox');
  await search.focus();
  for (const word of words) {
    for (const key of word) {
      await page.keyboard.press(key === ' ' ? 'Space' : key);
      await page.waitForTimeout(200);
    }
    await search.fill('');
    await page.waitForTimeout(300);
  }
  return page.evaluate(() => {
    const w = window as unknown as { painted: number[]; found: number[] };
    const { painted, found } = w;
    w.painted = [];
    w.found = [];
    return { painted, found };
  });
}

/** Lets computers come and go until stop is called; gives how many did. */
function disturb(page: Page, server: Server): { stop(): Promise<number> } {
  let over = false;
  let done = 0;
  const one = async (i: number) => {
    const answer = await page.request.patch(`${server.url}/api/computers/c${i}`, { data: { note: `seen ${done}` }, headers: { origin: server.url } });
    expect(answer.ok()).toBe(true);
    done++;
  };
  const all = (async () => {
    const begin = performance.now();
    for (let i = 0; !over; i += 10) {
      const at = Array.from({ length: 10 }, (_, n) => ((i + n) * 7919) % COMPUTERS + 1); // all over the list
      server.sql(`UPDATE computer SET online = 1 - online WHERE id IN (${at.map((n) => `'c${n}'`).join(', ')})`);
      await Promise.all(at.map(one)); // which tells the consoles of it
      const wait = begin + (i / 10 + 1) * (10_000 / CHANGES) - performance.now();
      await new Promise((go) => setTimeout(go, wait));
    }
  })();
  return { stop: async () => { over = true; await all; return done; } };
}

test('search latency', async ({ page }) => {
  const server = await Server.start();
  try {
    fill(server);
    await logIn(page, server);
    const { begun, whole } = await page.evaluate(async () => {
      const begun: number[] = [];
      const whole: number[] = [];
      for (let i = 0; i < 22; i++) {
        const begin = performance.now();
        const response = await fetch('/api/computers');
        begun.push(performance.now() - begin);
        await response.json();
        whole.push(performance.now() - begin);
      }
      return { begun: begun.slice(2), whole: whole.slice(2) };
    });
    print(`computers: the list of ${COMPUTERS}, answer begins`, begun);
    print('computers: the same, read and parsed', whole);
    await page.goto(`${server.url}/computers`);
    await expect(page.getByRole('treeitem', { name: 'Team computers' })).toBeVisible();
    await expect(page.getByRole('row').nth(20)).toBeVisible();
    await page.evaluate(watchKeys);

    const cdp = await page.context().newCDPSession(page);
    if (process.env.PROFILE) {
      await cdp.send('Profiler.enable');
      await cdp.send('Profiler.setSamplingInterval', { interval: 200 });
      await cdp.send('Profiler.start');
    }
    const alone = await type(page, ['reception-7', 'ware 12', 'user97', 'branch 29', 'workshop', 'desk-4']);
    if (process.env.PROFILE) fs.writeFileSync(process.env.PROFILE, JSON.stringify((await cdp.send('Profiler.stop')).profile));
    print('search latency: key to next picture', alone.painted);
    print('search latency: key to the found rows', alone.found);

    await page.evaluate(() => {
      const w = window as unknown as { long: number[] };
      w.long = [];
      new PerformanceObserver((list) => w.long.push(...list.getEntries().map((one) => one.duration))).observe({ type: 'longtask' });
    });
    const begin = performance.now();
    const changing = disturb(page, server);
    const among = await type(page, ['reception-7', 'ware 12', 'branch 29', 'desk-4']);
    const changes = await changing.stop();
    const seconds = (performance.now() - begin) / 1000;
    const long = await page.evaluate(() => (window as unknown as { long: number[] }).long);
    console.log(`with ${(changes / seconds).toFixed(0)} changes a second; ${(long.length / seconds).toFixed(1)} tasks a second above 50 ms, the longest ${ms(Math.max(0, ...long))}`);
    print('search latency: key to next picture', among.painted);
    print('search latency: key to the found rows', among.found);
  } finally {
    await server.stop();
  }
});
