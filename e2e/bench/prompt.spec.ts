// A command prompt in a tab that a program floods: how long Ctrl-C takes from the key to the shell's prompt on the screen, how long 100 MB take, and
// what the page holds meanwhile.
import { expect, type Page, test } from '@playwright/test';
import { startUnattended } from '../harness/client.ts';
import { logIn } from '../harness/console.ts';
import { Desktop } from '../harness/desktop.ts';
import { Server } from '../harness/server.ts';
import { print } from './figures.ts';

const TIMES = 20;
const text = (page: Page) => page.locator('#prompt-stage .xterm-rows').innerText();

/** Notes when the last line that has anything is the shell's prompt, after Ctrl-C was pressed. */
function watchStop(): void {
  const w = window as unknown as { stops: number[] };
  w.stops = [];
  addEventListener('keydown', (e) => {
    if (!e.ctrlKey || e.key !== 'c') return;
    const begin = performance.now();
    const look = () => {
      const lines = [...document.querySelectorAll('#prompt-stage .xterm-rows > div')].map((row) => (row.textContent ?? '').replaceAll('\u00a0', ' ').trim()).filter(Boolean);
      if (lines.at(-1) === 'ready>') w.stops.push(performance.now() - begin);
      else requestAnimationFrame(look);
    };
    look();
  }, { capture: true });
}

test('a flood in a prompt', async ({ page }) => {
  test.setTimeout(300_000);
  const server = await Server.start();
  const desktop = await Desktop.start();
  try {
    startUnattended(desktop, server);
    await page.addInitScript(watchStop);
    await logIn(page, server);
    await page.getByRole('link', { name: 'Remote Computers' }).click();
    await page.getByRole('button', { name: 'Open a command prompt', exact: true }).click();
    await expect.poll(() => text(page)).toMatch(/[$#>]\s*$/);
    await page.keyboard.type("PS1='ready> '; clear\n");
    await expect.poll(() => text(page)).toMatch(/^\s*ready>\s*$/);

    for (let i = 1; i <= TIMES; i++) {
      await page.keyboard.type('yes\n');
      await page.waitForTimeout(1000);
      await page.keyboard.press('Control+c');
      await expect.poll(() => page.evaluate(() => (window as unknown as { stops: number[] }).stops.length), { timeout: 20_000 }).toBe(i);
    }
    print('Ctrl-C in a flood, key to the prompt on the screen', await page.evaluate(() => (window as unknown as { stops: number[] }).stops));

    const cdp = await page.context().newCDPSession(page);
    const heap = async () => (await cdp.send('Runtime.getHeapUsage')).usedSize / 2 ** 20;
    const before = await heap();
    const began = performance.now();
    await page.keyboard.type('clear; yes | head -c 100M; echo; echo over\n');
    let most = before;
    while (!/over\s+ready>\s*$/.test(await text(page))) {
      most = Math.max(most, await heap());
      await page.waitForTimeout(200);
    }
    const seconds = (performance.now() - began) / 1000;
    await cdp.send('HeapProfiler.collectGarbage');
    console.log(`100 MB in a prompt: ${seconds.toFixed(1)} s; heap before ${before.toFixed(0)}, at most ${most.toFixed(0)}, after a collection ${(await heap()).toFixed(0)} MiB`);
  } finally {
    await desktop.stop();
    await server.stop();
  }
});
