// A film on an unattended computer's screen: it is shown as a video, exact when it rests, and nobody notices when its encoder dies.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { type Browser, expect, type Page, test } from '@playwright/test';
import { startUnattended } from '../harness/client.ts';
import { canvasPixels, differing, logIn, person, picture } from '../harness/console.ts';
import { Desktop } from '../harness/desktop.ts';
import { ROOT, type Process, until } from '../harness/process.ts';
import { Server } from '../harness/server.ts';

let server: Server;
let desktop: Desktop;
let client: Process;
let cinema: string; // address of the program that draws the film

test.beforeEach(async () => {
  server = await Server.start();
  desktop = await Desktop.start();
  const program = path.join(desktop.home, 'stage');
  execFileSync('go', ['build', '-o', program, './bench/stage'], { cwd: ROOT });
  const stage = desktop.run(program);
  cinema = await until('the program that draws', () => stage.output.match(/ready (\S+)/)?.[1]);
  client = startUnattended(desktop, server);
});

test.afterEach(async ({}, info) => {
  if (info.status !== info.expectedStatus) desktop?.screenshot(info.outputPath('desktop.png'));
  await desktop?.stop();
  await server?.stop();
});

async function watch(page: Page): Promise<void> {
  await logIn(page, server);
  await page.getByRole('link', { name: 'Remote Computers' }).click();
  await page.getByRole('button', { name: 'Connect', exact: true }).first().click();
  await picture(page);
}

/** The other programs that the client, or its worker, has started. */
function encoders(): number[] {
  const program = (pid: number) => { try { return fs.readlinkSync(`/proc/${pid}/exe`); } catch { return ''; } };
  const parents = new Map<number, number>();
  for (const pid of fs.readdirSync('/proc').filter((d) => /^\d+$/.test(d)).map(Number)) {
    try {
      const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
      if (!stat.includes(') Z ')) parents.set(pid, Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch { /* it is gone */ }
  }
  const ours = (pid: number | undefined): boolean => pid !== undefined && (pid === client.pid || ours(parents.get(pid)));
  return [...parents.keys()].filter((pid) => pid !== client.pid && ours(pid) && program(pid) !== program(client.pid));
}

const updateId = (page: Page) => page.locator('canvas#screen').getAttribute('data-update-id').then(Number);

async function goesOn(page: Page): Promise<void> {
  const before = await updateId(page);
  await expect.poll(() => updateId(page), { timeout: 20_000 }).toBeGreaterThan(before + 10);
}

/** Waits until the page shows the screen to the pixel. */
async function exact(page: Page): Promise<void> {
  await until('a canvas equal to the screen', async () => differing(desktop.pixels(), await canvasPixels(page)) === 0, 20_000);
}

test('a film is a video, also after its encoder was killed, and exact at rest', async ({ page }) => {
  await watch(page);
  await exact(page);
  expect(encoders()).toEqual([]); // nothing runs that nobody needs
  await fetch(`${cinema}/play?scene=video`);
  const [first] = await until('the encoder', () => { const all = encoders(); return all.length > 0 ? all : undefined; });
  await goesOn(page);

  process.kill(first, 'SIGKILL');
  await until('another encoder', () => encoders().some((pid) => pid !== first));
  await goesOn(page);
  await expect(page.locator('canvas#screen')).toBeVisible();

  await fetch(`${cinema}/stop`);
  await exact(page);
});

test('two agents see one film; one goes, the other stays', async ({ page, browser }: { page: Page; browser: Browser }) => {
  await watch(page);
  await fetch(`${cinema}/play?scene=text-over-video`);
  await goesOn(page);
  const other = await person(browser);
  await watch(other);
  await goesOn(other);
  await goesOn(page);
  await fetch(`${cinema}/stop`);
  await exact(page);
  await exact(other);

  await other.context().close();
  await fetch(`${cinema}/play?scene=scroll`);
  await goesOn(page);
  await fetch(`${cinema}/stop`);
  await exact(page);
});
