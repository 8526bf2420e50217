// Logging in by an OpenID provider: a real one, of a library, in a process of its own.
import { execFileSync } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { logIn, person } from '../harness/console.ts';
import { collectFaults, expectAccessible } from '../harness/faults.ts';
import { Process, ROOT } from '../harness/process.ts';
import { AGENT, Server } from '../harness/server.ts';

let server: Server;
let provider: Process;
let issuer: string;

test.beforeAll(async () => {
  const program = path.join(os.tmpdir(), `deskhand-provider-${process.pid}`);
  execFileSync('go', ['build', '-o', program, './e2e/provider'], { cwd: ROOT });
  server = await Server.start();
  server.sql(`UPDATE agent SET role = 'administrator' WHERE user_name = 'rodney'`);
  provider = Process.start(program, [`${server.url}/login/oidc/callback`]);
  issuer = (await provider.line(/^ready (\S+)$/m))[1]!;
});
test.afterAll(async () => {
  await provider.stop();
  await server.stop();
});

/** Presses the button on the login page and logs in at the provider; the secret is the account's name. */
async function byProvider(page: Page, account: string, button = 'Continue'): Promise<void> {
  await page.getByRole('link', { name: 'Log in with Example ID' }).click();
  await expect(page.getByRole('heading', { name: 'Test provider' })).toBeVisible();
  await page.getByLabel('Account').fill(account);
  await page.getByLabel('Secret').fill(account);
  await page.getByRole('button', { name: button }).click();
}

test('an administrator sets it up, agents log in by it, strangers do not', async ({ page, browser }) => {
  const faults = await collectFaults(page);
  await logIn(page, server);
  await page.goto(`${server.url}/admin/sign-on`);
  await expect(page.getByRole('textbox', { name: 'Redirect address' })).toHaveValue(`${server.url}/login/oidc/callback`);
  await page.getByRole('textbox', { name: 'Issuer' }).fill(`${issuer}/elsewhere`);
  await page.getByRole('textbox', { name: 'Client ID' }).fill('deskhand');
  await page.getByLabel('Client secret').fill("a secret of the provider's");
  await page.getByRole('button', { name: 'Test', exact: true }).click();
  await expect(page.getByText(/There is no OpenID provider at this address/)).toBeVisible();
  await page.getByRole('textbox', { name: 'Issuer' }).fill(issuer);
  await page.getByRole('button', { name: 'Test', exact: true }).click();
  await expect(page.getByText(/^The provider is there/)).toBeVisible();
  await page.getByRole('textbox', { name: 'Name on the login page' }).fill('Example ID');
  await page.getByRole('switch', { name: 'Agents can log in by this service' }).check({ force: true });
  await expectAccessible(page, 'Sign-on');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Sign-on saved')).toBeVisible();

  const other = await person(browser);
  const otherFaults = await collectFaults(other);
  try {
    await other.goto(`${server.url}/logs?search=x`);
    await byProvider(other, 'rodney', 'Refuse');
    await expect(other.getByRole('alert')).toContainText('Example ID did not let you in');
    await byProvider(other, 'stranger');
    await expect(other.getByRole('alert')).toContainText('There is no agent here for your account');
    expect(new URL(other.url()).search).toBe('');
    await expectAccessible(other, 'login, refused');
    await other.goto(`${server.url}/login?return=%2Flogs%3Fsearch%3Dx`);
    await byProvider(other, 'rodney');
    await expect(other.getByRole('heading', { name: 'Session Logs' })).toBeVisible();
    expect(other.url()).toBe(`${server.url}/logs?search=x`);

    await other.goto(`${server.url}/settings/security`);
    await expect(other.getByRole('heading', { name: 'Account at Example ID' })).toBeVisible();
    await other.getByRole('button', { name: 'Unlink' }).click();
    await other.getByLabel('Your password').fill(AGENT.password);
    await other.getByRole('dialog').getByRole('button', { name: 'Unlink' }).click();
    await expect(other.getByRole('heading', { name: 'Account at Example ID' })).toHaveCount(0);
    expect(otherFaults).toEqual([]);
  } finally {
    await other.context().close();
  }
  expect(faults).toEqual([]);
});

test('who is not found becomes an agent when that is wished for, and has one way in', async ({ page, browser }) => {
  server.sql(`UPDATE setting SET value = CAST(json_set(CAST(value AS TEXT), '$.create', json('true')) AS BLOB) WHERE name = 'sign-on'`);
  const newcomer = await person(browser);
  try {
    await newcomer.goto(server.url);
    await byProvider(newcomer, 'newcomer');
    await expect(newcomer.getByRole('heading', { name: 'Remote Sessions' })).toBeVisible();
    await newcomer.goto(`${server.url}/settings/security`);
    await expect(newcomer.getByText(/It is your only way in/)).toBeVisible();

    await logIn(page, server);
    await page.goto(`${server.url}/admin/agents`);
    const row = page.getByRole('row').filter({ hasText: 'Nia Newcomer' });
    await row.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Unlink account' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Unlink account' }).click();
    await expect(newcomer.getByRole('button', { name: 'Log in', exact: true })).toBeVisible(); // ended at once
  } finally {
    await newcomer.context().close();
  }
});
