// Administration by its operator: webhooks that a program of theirs verifies, the branding that an end-user sees, the audit, the server's health.
import crypto from 'node:crypto';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { logIn } from '../harness/console.ts';
import { collectFaults, expectAccessible } from '../harness/faults.ts';
import { BIN } from '../harness/process.ts';
import { Server } from '../harness/server.ts';

let server: Server;
let faults: string[];

test.beforeAll(async () => {
  server = await Server.start('--webhook-network', '127.0.0.0/8');
  server.sql(`UPDATE agent SET role = 'administrator' WHERE user_name = 'rodney'`);
});
test.afterAll(async () => { await server.stop(); });
test.beforeEach(async ({ page }) => {
  faults = await collectFaults(page);
  await logIn(page, server);
});
test.afterEach(() => { expect(faults).toEqual([]); });

/** A receiver's own check, as docs/webhooks.md describes it. */
function verified(secret: string, headers: http.IncomingHttpHeaders, body: string): boolean {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  return headers['webhook-signature'] === `v1,${crypto.createHmac('sha256', key).update(signed).digest('base64')}`;
}

test('a webhook is added, tested and verified', async ({ page }) => {
  const got: { headers: http.IncomingHttpHeaders; body: string }[] = [];
  const receiver = http.createServer((req, res) => {
    let body = '';
    req.on('data', (part) => { body += part; });
    req.on('end', () => { got.push({ headers: req.headers, body }); res.end('thank you'); });
  });
  await new Promise<void>((ready) => { receiver.listen(0, '127.0.0.1', ready); });
  try {
    await page.goto(`${server.url}/admin/webhooks`);
    await page.getByRole('button', { name: 'Add a webhook' }).click();
    await page.getByRole('textbox', { name: 'Address' }).fill(`http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`);
    await page.getByRole('dialog').getByRole('button', { name: 'Add a webhook' }).click();
    const dialog = page.getByRole('dialog', { name: 'The webhook’s secret' });
    const secret = await dialog.getByText(/^whsec_/).innerText();
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await page.getByRole('button', { name: 'Send a test' }).click();
    await expect(page.getByText(/^Answer 200 after/)).toBeVisible();
    expect(JSON.parse(got[0]!.body)).toMatchObject({ event: 'test', id: got[0]!.headers['webhook-id'] });
    expect(verified(secret, got[0]!.headers, got[0]!.body)).toBe(true);
    await expectAccessible(page, 'webhooks with an answer');
    await page.getByRole('button', { name: 'Send again' }).click();
    await expect.poll(() => got.length).toBe(2);
    expect(got[1]!.headers['webhook-id']).toBe(got[0]!.headers['webhook-id']);
  } finally {
    receiver.closeAllConnections();
    receiver.close();
  }
});

test('logo, colour and words are on the page behind a link', async ({ page, browser }) => {
  await page.goto(`${server.url}/admin/branding`);
  await page.getByRole('textbox', { name: 'Company' }).fill('Contoso Support');
  await page.getByRole('textbox', { name: 'Colour' }).fill('#7a1fa2');
  await page.getByRole('textbox', { name: 'Words of the consent' }).fill('We never ask for your password.');
  const picture = await page.evaluate(() => {
    const canvas = document.createElement('canvas');
    canvas.width = 240;
    canvas.height = 80;
    const c = canvas.getContext('2d')!;
    c.fillStyle = '#7a1fa2';
    c.fillRect(0, 0, 240, 80);
    return canvas.toDataURL('image/jpeg').split(',')[1]!;
  });
  await page.locator('input[type=file]').setInputFiles({ name: 'logo.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(picture, 'base64') });
  await expect(page.getByRole('img', { name: 'The logo now' })).toBeVisible();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Branding saved')).toBeVisible();
  await expectAccessible(page, 'branding');
  const endUser = await browser.newContext({ locale: 'en-GB' });
  try {
    const join = await endUser.newPage();
    await join.goto(`${server.url}/join/rodney`);
    await expect(join.getByRole('banner').getByText('Contoso Support')).toBeVisible();
    await expect(join.getByText('We never ask for your password.')).toBeVisible();
    await expect.poll(() => join.locator('img.logo').evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(240);
    expect(await join.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--accent-fill'))).toBe('#7a1fa2');
    await expectAccessible(join, 'the page behind a link, branded');
  } finally {
    await endUser.close();
  }
});

test('the audit verifies here and offline, and the health says what to do', async ({ page }, info) => {
  await fetch(`${server.url}/api/login`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ userName: 'rodney', password: 'a wrong one' }) });
  await page.goto(`${server.url}/admin/audit`);
  const table = page.getByRole('table', { name: 'Audit log' });
  await expect(table.getByTitle('agent.login', { exact: true }).first()).toHaveText('Logged in');
  await expect(table.getByTitle('agent.login-wrong')).toHaveText('Wrong login');
  await page.getByRole('combobox', { name: 'Act' }).click();
  await page.getByRole('option', { name: 'Logged in' }).click();
  await page.getByRole('combobox', { name: 'By' }).click();
  await page.getByRole('option', { name: 'Rodney Example' }).click();
  await expect(table.getByTitle('settings.branding')).toHaveCount(0);
  await expect(table.getByTitle('agent.login', { exact: true }).first()).toBeVisible();
  await page.getByRole('button', { name: 'Verify' }).click();
  await expect(page.getByText(/^The audit is whole/)).toBeVisible();
  await expectAccessible(page, 'the audit log, verified');
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Export' }).click()]);
  const file = info.outputPath('audit.jsonl');
  await download.saveAs(file);
  const verify = () => execFileSync(path.join(BIN, 'deskhand'), ['audit', 'verify', '--file', file], { encoding: 'utf8', stdio: 'pipe' });
  expect(verify()).toContain('The audit is whole');
  fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace('"actor":"rodney"', '"actor":"nobody"'));
  expect(verify).toThrow();
  await page.goto(`${server.url}/admin/health`);
  await expect(page.getByText(/No mail server is set up/)).toBeVisible();
  await expect(page.getByRole('figure')).toHaveCount(6);
  await expect(page.getByText(/^Offered: /)).toBeVisible(); // the release that the build signed
  await expectAccessible(page, 'server health');
});
