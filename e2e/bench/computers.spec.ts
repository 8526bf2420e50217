// Remote Computers with 10 000 computers in 300 groups: how long the list takes, and each key of a search.
import { expect, test } from '@playwright/test';
import { logIn } from '../harness/console.ts';
import { Server } from '../harness/server.ts';

const COMPUTERS = 10_000;
const series = (n: number) => `WITH RECURSIVE series (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM series WHERE i < ${n})`;

function fill(server: Server): void {
  const owner = `(SELECT id FROM agent WHERE user_name = 'rodney')`;
  server.sql(`INSERT INTO computer_group (id, parent_id, owner_id, name, created_at) ${series(300)}
    SELECT 'g' || i, CASE WHEN i <= 60 THEN '' ELSE 'g' || (i - 60) END, '', 'Branch ' || i, 1 FROM series`);
  server.sql(`INSERT INTO computer (id, owner_id, name, user_name, system, address, public_key, visibility, online, epoch, created_at, last_seen_at, removed_at, group_id, note, tags, sites)
    ${series(COMPUTERS)} SELECT 'c' || i, ${owner}, substr('RECEPTIONWAREHOUSECASHDESKWORKSHOP', i % 25 + 1, 9) || '-' || i, 'user' || i % 977, 'Debian GNU/Linux 13 (trixie)',
    '198.51.100.' || i % 251, CAST('key ' || i AS BLOB), 'everyone', 0, 1, 1, i * 1000000, 0, 'g' || (i % 300 + 1), '', 'till', '198.51.100.' || i % 251 || ' 10.0.0.0/24' FROM series`);
}

const quantile = (list: number[], q: number) => list.toSorted((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * q))]!;
const ms = (n: number) => `${n.toFixed(0)} ms`;
const print = (name: string, list: number[]) => console.log(`${name.padEnd(44)} p50 ${ms(quantile(list, 0.5))}  p95 ${ms(quantile(list, 0.95))}  max ${ms(Math.max(...list))}`);

test('search latency', async ({ page }) => {
  const server = await Server.start();
  try {
    fill(server);
    await logIn(page, server);
    const route = await page.evaluate(async () => {
      const times: number[] = [];
      for (let i = 0; i < 12; i++) {
        const begin = performance.now();
        const response = await fetch('/api/computers');
        times.push(performance.now() - begin);
        await response.arrayBuffer();
      }
      return times.slice(2);
    });
    await page.goto(`${server.url}/computers`);
    await expect(page.getByRole('treeitem', { name: 'Team computers' })).toBeVisible();
    await expect(page.getByRole('row').nth(20)).toBeVisible();

    // A key's time: from the key to the first picture after the list has changed, and to the next picture at all.
    await page.getByRole('searchbox').focus();
    await page.evaluate(() => {
      const w = window as unknown as { painted: number[]; found: number[] };
      w.painted = [];
      w.found = [];
      let keys = 0;
      addEventListener('keydown', () => {
        const begin = performance.now();
        const key = ++keys;
        const next = () => requestAnimationFrame(() => setTimeout(() => w.painted.push(performance.now() - begin)));
        next();
        const grid = document.querySelector('[role=table]')!;
        const rows = grid.getAttribute('aria-rowcount');
        const look = () => {
          const now = document.querySelector('[role=table]')?.getAttribute('aria-rowcount');
          if (now !== rows) requestAnimationFrame(() => setTimeout(() => w.found.push(performance.now() - begin)));
          else if (key === keys) requestAnimationFrame(look); // else the next one was pressed: this one found the same rows
        };
        look();
      }, { capture: true });
    });
    for (const word of ['reception-7', 'ware 12', 'user97', 'branch 29', 'workshop', 'desk-4']) {
      for (const key of word) {
        await page.keyboard.press(key === ' ' ? 'Space' : key);
        await page.waitForTimeout(200);
      }
      await page.getByRole('searchbox').fill('');
      await page.waitForTimeout(300);
    }
    const { painted, found } = await page.evaluate(() => {
      const { painted, found } = window as unknown as { painted: number[]; found: number[] };
      return { painted, found };
    });
    print(`computers: the list of ${COMPUTERS}, answer begins`, route);
    print('search latency: key to next picture', painted);
    print('search latency: key to the found rows', found);
  } finally {
    await server.stop();
  }
});
