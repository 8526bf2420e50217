// What is refused, and in which words: at the login, to the end-user, to other sites, and to who starts a server.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { answer, startByHand, startFromLink } from '../harness/client.ts';
import { logIn, picture } from '../harness/console.ts';
import { Desktop } from '../harness/desktop.ts';
import { until } from '../harness/process.ts';
import { AGENT, freePort, Server } from '../harness/server.ts';

let server: Server;
const desktops: Desktop[] = [];

async function newDesktop(): Promise<Desktop> {
  const d = await Desktop.start();
  desktops.push(d);
  return d;
}

test.beforeEach(async () => { server = await Server.start(); });

test.afterEach(async ({}, info) => {
  for (const [i, d] of desktops.splice(0).entries()) {
    if (info.status !== info.expectedStatus) d.screenshot(info.outputPath(`desktop-${i}.png`));
    await d.stop();
  }
  await server.stop();
});

const row = (page: Page, name: string) => page.getByRole('row').filter({ hasText: name });
const connect = (page: Page, name: string) => row(page, name).getByRole('button', { name: 'Connect', exact: true });

test('a wrong password and an unknown user are told the same, beside the field', async ({ page }) => {
  await page.goto(server.url);
  const password = page.getByLabel('Password', { exact: true });
  for (const [userName, wrong] of [[AGENT.userName, 'not-this-one'], ['nobody', AGENT.password]]) {
    await page.getByLabel('User name').fill(userName);
    await password.fill(wrong);
    await page.getByRole('button', { name: 'Log in' }).click();
    await expect(password).toHaveAccessibleDescription('The user name or the password is wrong.');
    await page.reload();
  }
});

test('a connection ID that is incomplete, unknown, expired or used is refused, and the field stays', async ({ page }) => {
  await logIn(page, server);
  const desktop = await newDesktop();
  const newID = async () => {
    const known = await page.getByTestId('connection-id').allInnerTexts();
    await page.getByRole('button', { name: known.length ? 'Another ID' : 'Share a connection ID', exact: true }).click();
    return until('a new ID', async () => (await page.getByTestId('connection-id').allInnerTexts()).find((id) => !known.includes(id)));
  };
  const expired = await newID();
  const used = await newID();
  server.sql(`UPDATE invite SET expires_at = 1 WHERE code = '${expired.replace(' ', '')}'`);

  startByHand(desktop, server);
  const first = await desktop.ownWindow('main');
  // The sentence stands between the field and the button.
  const sentence = async (window: string) => {
    const [, top, , height] = await desktop.control(window, 'id');
    const [x, bottom, width] = await desktop.control(window, 'connect');
    const file = path.join(desktop.home, 'sentence.rgb');
    desktop.x('import', '-silent', '-window', window, '-crop', `${width}x${bottom - top - height}+${x}+${top + height}`, '-depth', '8', file);
    return createHash('sha256').update(fs.readFileSync(file)).digest('hex');
  };
  const type = async (window: string, id: string) => {
    await desktop.press(window, 'id');
    desktop.key('ctrl+a', 'BackSpace');
    desktop.x('xdotool', 'type', id);
    desktop.key('Return');
  };
  const said = new Map([['', await sentence(first)]]);
  const refused = async (why: string, id: string) => {
    await type(first, id);
    said.set(why, await until(`a sentence for an ID that is ${why}`, async () => {
      const now = await sentence(first);
      return now === [...said.values()].at(-1) ? undefined : now;
    }));
  };
  await refused('unknown', ['111 111', '222 222', '333 333'].find((id) => id !== expired && id !== used)!);
  await refused('incomplete', '12');
  await refused('expired', expired);

  // Somebody else redeems the other one, and is picked.
  startByHand(desktop, server);
  const second = await until('the second main window', () => desktop.ownWindows('main').find((w) => w !== first));
  await type(second, used);
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await desktop.ownWindow('consent');
  await refused('used', used);
  expect(new Set(['', 'unknown', 'incomplete', 'used'].map((why) => said.get(why))).size).toBe(4);
});

test('who is second on a link waits in line until the agent or the first one lets them', async ({ page }) => {
  await logIn(page, server);
  const [one, two] = [await newDesktop(), await newDesktop()];
  await startFromLink(one, server, '8', 'In line');
  await expect(row(page, 'In line')).toContainText('Ready');
  await startFromLink(two, server, '8', 'In line');
  await expect(page.getByText('1 waits in line')).toBeVisible();

  await page.getByRole('button', { name: 'Let them share', exact: true }).click();
  await connect(page, 'In line').click();
  await two.ownWindow('consent');
  expect(one.ownWindows('consent')).toEqual([]);
  await page.goto(`${server.url}/sessions`);
  await until('the question to be withdrawn', () => two.ownWindows('consent').length === 0);

  // The one who shares leaves: the other is next without anybody's doing.
  await two.press(await two.ownWindow('main'), 'leave');
  await expect(page.getByText('1 waits in line')).toBeHidden();
  await expect(row(page, 'In line')).toContainText('Ready');
  await connect(page, 'In line').click();
  await one.ownWindow('consent');
});

test('a question that nobody answers denies, and is in the log', async ({ page }) => {
  await logIn(page, server);
  const desktop = await newDesktop();
  await startFromLink(desktop, server, '9', 'Away');
  await connect(page, 'Away').click();
  await desktop.ownWindow('consent');
  await expect(page.getByText('The end-user did not answer.')).toBeVisible({ timeout: 40_000 });
  expect(desktop.ownWindows('bar')).toEqual([]);
  await page.getByRole('button', { name: 'Back to Remote Sessions' }).click();
  await expect(row(page, 'Away')).toContainText('Ready');
  await desktop.press(await desktop.ownWindow('main'), 'leave');
  await expect(row(page, 'Away')).toBeHidden();
  await page.getByRole('link', { name: 'Session Logs' }).click();
  await expect(row(page, 'Away')).toContainText('Unanswered');
});

test('closing a viewer gives the session back; killing the client is said in its row', async ({ page, context }) => {
  await logIn(page, server);
  const desktop = await newDesktop();
  const client = await startFromLink(desktop, server, '10', 'Careful');
  const rows = await context.newPage();
  await rows.goto(`${server.url}/sessions`);
  await connect(page, 'Careful').click();
  await answer(desktop, 'view');
  await picture(page);
  await expect(row(rows, 'Careful')).toContainText('Connected');
  await page.close();
  await expect(row(rows, 'Careful')).toContainText('Ready');
  await until('the bar to go', () => desktop.ownWindows('bar').length === 0);
  await desktop.ownWindow('main');

  client.child.kill('SIGKILL');
  await expect(row(rows, 'Careful')).toContainText('Reconnecting');
  await expect(connect(rows, 'Careful')).toBeHidden();
});

test('a page of another site gets no socket, though the browser sends the login along', async ({ page }) => {
  await logIn(page, server);
  const open = (url: string) => page.evaluate((u) => new Promise((resolve) => {
    const socket = new WebSocket(u);
    socket.onopen = () => { socket.close(); resolve('open'); };
    socket.onerror = () => resolve('refused');
  }), url);
  const sockets = ['/api/events', '/api/relay'].map((p) => server.url.replace('http', 'ws') + p);
  for (const url of sockets) expect(await open(url), url).toBe('open');

  // The other port of the same host is another origin, but the same site: the cookie is not kept back.
  const other = http.createServer((_, response) => { response.setHeader('Content-Type', 'text/html').end('<!doctype html>'); });
  await new Promise<void>((resolve) => { other.listen(0, 'localhost', resolve); });
  try {
    await page.goto(`http://localhost:${(other.address() as { port: number }).port}/`);
    for (const url of sockets) {
      const failed = page.waitForEvent('websocket').then((socket) => socket.waitForEvent('socketerror'));
      expect(await open(url), url).toBe('refused');
      expect(await failed, url).toContain('403');
    }
  } finally {
    other.close();
  }
});

test('a server that cannot start says why, and what to do', async () => {
  const port = await freePort();
  const newer = await Server.start();
  await newer.process.stop();
  newer.sql('INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, 1)');
  try {
    for (const { args, says } of [
      { args: ['--data', newer.data, '--listen', `127.0.0.1:${server.port}`], says: /Another program listens on .* already\.\n/ },
      { args: ['--data', newer.data, '--listen', `127.0.0.1:${port}`, '--public-url', 'http://support.example.com'], says: /neither https nor this computer itself.*\n.*--tls/ },
      { args: ['--data', newer.data, '--listen', `127.0.0.1:${port}`], says: /written by a newer Deskhand \(version 999.*\n.*Start that newer program/ },
    ]) {
      const { status, stderr } = Server.refused(...args);
      expect(stderr).toMatch(says);
      expect(status, stderr).toBe(1);
    }
  } finally {
    await newer.stop();
  }
});
