// Settings and the ways to log in: second factor, passkeys with a virtual authenticator, other logins, API tokens.
import { createHmac } from 'node:crypto';
import { expect, type Page, test } from '@playwright/test';
import { logIn, person } from '../harness/console.ts';
import { collectFaults, expectAccessible } from '../harness/faults.ts';
import { AGENT, Server } from '../harness/server.ts';

let server: Server;
let faults: string[];

test.beforeEach(async ({ page }) => {
  server = await Server.start();
  faults = await collectFaults(page);
});
test.afterEach(async () => { await server.stop(); });

/** What an authenticator app with a key (base32) shows, some steps of 30 seconds from now. */
function codeOf(key: string, steps = 0): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...key.replace(/\s/g, '')].map((one) => letters.indexOf(one).toString(2).padStart(5, '0')).join('');
  const secret = Buffer.from(bits.match(/.{8}/g)!.map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const sum = createHmac('sha1', secret).update(counter).digest();
  const code = (sum.readUInt32BE(sum[19]! & 15) & 0x7fffffff) % 1_000_000;
  return String(code).padStart(6, '0');
}

const section = async (page: Page, name: string) => {
  await page.goto(`${server.url}/settings`);
  await page.getByRole('navigation', { name: 'Sections of Settings' }).getByRole('link', { name, exact: true }).click();
  await expect(page.getByRole('heading', { level: 2 }).first()).toBeVisible();
};

const password = async (page: Page) => {
  await page.getByRole('button', { name: 'Log in', exact: true }).waitFor();
  await page.getByLabel(/user name/i).fill(AGENT.userName);
  await page.getByLabel(/^password/i).fill(AGENT.password);
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
};

test('an authenticator app is set up, asked for, replaced by a recovery code and removed', async ({ page, browser }) => {
  await logIn(page, server);
  await section(page, 'Security');
  await expectAccessible(page, 'Security');
  await page.getByRole('button', { name: 'Set up' }).click();
  await page.getByLabel('Your password').fill(AGENT.password);
  await page.getByRole('button', { name: 'Continue' }).click();
  const key = await page.getByTestId('totp-key').innerText();
  await expect(page.getByRole('img', { name: 'QR code for the authenticator app' })).toBeVisible();
  await page.getByLabel('Code that the app shows now').fill(codeOf(key, -1));
  await page.getByRole('button', { name: 'Confirm' }).click();
  const codes = (await page.getByTestId('recovery-codes').innerText()).split('\n');
  expect(codes).toHaveLength(10);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: server.url });
  await page.getByRole('button', { name: 'Copy the codes' }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain(codes[9]!);
  await page.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByText('10 codes left')).toBeVisible();

  const other = await person(browser);
  await other.goto(server.url);
  await password(other);
  await other.getByLabel('Code', { exact: true }).fill('000000');
  await other.getByRole('button', { name: 'Continue' }).click();
  await expect(other.getByText(/The code is wrong/)).toBeVisible();
  await expectAccessible(other, 'second factor');
  await other.getByLabel('Code', { exact: true }).fill(codeOf(key));
  await other.getByRole('button', { name: 'Continue' }).click();
  await expect(other.getByRole('heading', { name: 'Remote Sessions' })).toBeVisible();

  const third = await person(browser);
  await third.goto(server.url);
  await password(third);
  await third.getByRole('button', { name: 'Use a recovery code' }).click();
  await third.getByLabel('Recovery code').fill(codes[0]!);
  await third.getByRole('button', { name: 'Continue' }).click();
  await expect(third.getByRole('heading', { name: 'Remote Sessions' })).toBeVisible();

  await expect(page.getByText('9 codes left')).toBeVisible(); // live
  await page.getByRole('button', { name: 'New codes' }).click();
  await page.getByLabel('Your password').fill(AGENT.password);
  await page.getByRole('dialog').getByRole('button', { name: 'New codes' }).click();
  await page.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByText('10 codes left')).toBeVisible();
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await page.getByLabel('Your password').fill(AGENT.password);
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByText('Not set up')).toBeVisible();
  expect(faults).toEqual([]);
});

test('a passkey logs in by itself and as the second factor', async ({ page }) => {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
  await logIn(page, server);
  await section(page, 'Security');
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page.getByLabel('Your password').fill(AGENT.password);
  await page.getByLabel('Name', { exact: true }).fill('My laptop');
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByTestId('recovery-codes')).toBeVisible();
  await page.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByText('My laptop')).toBeVisible();

  const out = async () => {
    await page.getByRole('button', { name: /^Hello/ }).click();
    await page.getByRole('menuitem', { name: 'Log out' }).click();
  };
  await out();
  await page.getByRole('button', { name: 'Use a passkey' }).click();
  await expect(page.getByRole('button', { name: /^Hello/ })).toBeVisible(); // where one was

  await out();
  await password(page);
  await page.getByRole('button', { name: 'Use a passkey' }).click();
  await expect(page.getByRole('button', { name: /^Hello/ })).toBeVisible(); // where one was

  await section(page, 'Security');
  await page.getByRole('button', { name: 'Rename My laptop' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Old laptop');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: 'Remove Old laptop' }).click();
  await page.getByLabel('Your password').fill(AGENT.password);
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByText('No passkeys yet')).toBeVisible();
  expect(faults).toEqual([]);
});

test('another login is ended from here, and a new password ends the rest', async ({ page, browser }) => {
  await logIn(page, server);
  const other = await person(browser);
  await logIn(other, server);
  await section(page, 'Logins');
  await expectAccessible(page, 'Logins');
  await page.getByRole('button', { name: /^End Chrome/ }).click();
  await expect(other.getByRole('button', { name: 'Log in', exact: true })).toBeVisible({ timeout: 4_000 });
  await logIn(other, server);
  await section(page, 'Password');
  await expectAccessible(page, 'Password');
  await page.getByLabel('Current password').fill(AGENT.password);
  await page.getByLabel('New password', { exact: true }).fill('another horse battery staple');
  await expect(page.getByText('Strength: strong')).toBeVisible();
  await page.getByLabel('New password again').fill('another horse battery staple');
  await page.getByRole('button', { name: 'Change password' }).click();
  await expect(page.getByText('Password changed')).toBeVisible();
  await expect(other.getByRole('button', { name: 'Log in', exact: true })).toBeVisible({ timeout: 4_000 });
  expect(faults).toEqual([]);
});

test('an API token works until it is removed', async ({ page }) => {
  await logIn(page, server);
  await section(page, 'API tokens');
  await page.getByRole('button', { name: 'New token' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Export');
  await page.getByLabel('sessions:read').check();
  await page.getByRole('button', { name: 'Make token' }).click();
  const secret = await page.getByTestId('token-secret').innerText();
  const ask = async (path: string) => (await fetch(server.url + path, { headers: { Authorization: `Bearer ${secret}` } })).status;
  expect(await ask('/api/sessions')).toBe(200);
  expect(await ask('/api/computers')).toBe(403);
  expect(await ask('/api/tokens')).toBe(403);
  await page.getByRole('button', { name: 'Done' }).click();
  await expectAccessible(page, 'API tokens');
  await page.getByRole('button', { name: 'Remove Export' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByText('No tokens yet')).toBeVisible();
  expect(await ask('/api/sessions')).toBe(401);

  // Who comes to a console that was left open needs the password.
  server.sql('UPDATE login SET created_at = created_at - 600000000');
  await page.reload();
  await page.getByRole('button', { name: 'New token' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Export');
  await page.getByLabel('sessions:read').check();
  await page.getByLabel('Your password').fill('wrong');
  await page.getByRole('button', { name: 'Make token' }).click();
  await expect(page.getByText('The password is wrong.')).toBeVisible();
  await page.getByLabel('Your password').fill(AGENT.password);
  await page.getByRole('button', { name: 'Make token' }).click();
  await expect(page.getByTestId('token-secret')).toBeVisible();
  expect(faults).toEqual([]);
});

test('without mail, whoever forgot the password is sent to an administrator', async ({ page }) => {
  await page.goto(server.url);
  await page.getByRole('link', { name: 'Forgot password?' }).click();
  await expect(page.getByText(/Ask an administrator for a link/)).toBeVisible();
  await expectAccessible(page, 'Forgot password?');
});
