// The buttons of the console that no other test presses: on sample rows, without desktops, so that it is quick. web/src/test/buttons.test.ts
// finds a button that none of the tests here names.
import { expect, type Page, test } from '@playwright/test';
import { logIn, person } from '../harness/console.ts';
import { MailServer } from '../harness/mail.ts';
import { addCompany, addComputers, addLogs, addSessions } from '../harness/sample.ts';
import { AGENT, Server } from '../harness/server.ts';

const INES = { userName: 'ines', name: 'Inês Duarte', password: 'Correct-horse-8-battery' };

let server: Server;
let mail: MailServer;

test.beforeAll(async () => {
  mail = await MailServer.start();
  server = await Server.start('--webhook-network', '127.0.0.0/8', ...mail.flags);
  addCompany(server);
  addSessions(server);
  addComputers(server);
  addLogs(server, 12);
  server.sql(`UPDATE agent SET role = 'administrator' WHERE user_name = 'rodney'`);
});
test.afterAll(async () => {
  await server.stop();
  mail.stop();
});
test.beforeEach(async ({ page }) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write', 'notifications'], { origin: server.url });
  await logIn(page, server);
});

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true });
const dialog = (page: Page) => page.getByRole('dialog');
const copied = (page: Page) => page.evaluate(() => navigator.clipboard.readText());
const item = async (page: Page, opener: ReturnType<typeof button>, name: string, role: 'menuitem' | 'menuitemcheckbox' | 'menuitemradio' = 'menuitem') => {
  await opener.click();
  await page.getByRole(role, { name, exact: true }).click();
};

test('Remote Sessions: alerts, the ways of a link, the rows', async ({ page, browser }) => {
  await button(page, 'Alerts').click();
  for (const [name, on] of [['Play a sound', false], ['Number in the tab’s title', false], ['Show a notification on the desktop', true]] as const) {
    const one = page.getByRole('menuitemcheckbox', { name });
    await one.click();
    await expect(one).toHaveAttribute('aria-checked', String(on));
  }
  await page.keyboard.press('Escape');

  await item(page, button(page, 'Copy with instructions'), 'Français', 'menuitemradio');
  await expect.poll(() => copied(page)).toContain(`${server.url}/join/rodney`);
  expect(await copied(page)).toMatch(/^Bonjour/);
  await button(page, 'QR code').click();
  await expect(dialog(page).getByRole('img')).toBeVisible();
  await page.keyboard.press('Escape');
  await button(page, 'E-mail').click(); // opens the agent’s mail program, of which there is none
  await button(page, 'Send now').click();
  await dialog(page).getByLabel('E-mail address of the end-user').fill('martin@example.com');
  await dialog(page).getByRole('button', { name: 'Send', exact: true }).click();
  await expect.poll(() => mail.mails.some((one) => one.includes('martin@example.com') && one.includes('/join/rodney'))).toBe(true);
  await page.keyboard.press('Escape');
  await button(page, 'Share a connection ID').click();
  await button(page, 'Take back').click();
  await expect(page.getByTestId('connection-id')).toHaveCount(0);

  // A note that another window changes meanwhile; who goes back keeps what was there.
  const row = page.getByRole('row').filter({ hasText: 'Mei Tanaka' }).first();
  const more = row.getByRole('button', { name: 'More' });
  const note = page.getByLabel('Note', { exact: true });
  await item(page, more, 'Note');
  await note.fill('Mine');
  const { items } = await (await page.request.get(`${server.url}/api/sessions?all=true`)).json();
  const { id } = items.find((one: { endUserName: string }) => one.endUserName === 'Mei Tanaka');
  await page.request.patch(`${server.url}/api/sessions/${id}`, { data: { note: 'Theirs' } });
  await button(page, 'Show theirs').click();
  await expect(note).toHaveValue('Theirs');
  await note.fill('Lost');
  await button(page, 'Cancel').click();
  await item(page, more, 'Note');
  await expect(note).toHaveValue('Theirs');
  await button(page, 'Cancel').click();

  await item(page, more, 'Invite an agent');
  await button(page, 'Copy link').click();
  await expect.poll(() => copied(page)).toBe(`${server.url}/sessions/${id}/viewer`);
  await button(page, 'Cancel').click();
  await expect(dialog(page)).toHaveCount(0);
  const [viewer] = await Promise.all([page.waitForEvent('popup'), item(page, more, 'Open in a new tab')]);
  await expect(viewer).toHaveURL(new RegExp(`/sessions/${id}/viewer$`));
  await button(viewer, 'Connect again').click();
  await viewer.close();

  // Another agent calls; not now.
  const ines = await person(browser);
  await logIn(ines, server, INES);
  const me = await (await page.request.get(`${server.url}/api/me`)).json();
  const called = await ines.request.post(`${server.url}/api/sessions/s1/calls`, { data: { agentId: me.id } });
  expect(called.status()).toBe(204);
  await expect(page.getByText(/^Inês Duarte invites you/)).toBeVisible();
  await button(page, 'Not now').click();
  await expect(page.getByText(/^Inês Duarte invites you/)).toHaveCount(0);

  await item(page, more, 'End');
  await dialog(page).getByRole('button', { name: 'End session' }).click();
  await page.mouse.move(5, 5); // rows stay where they are while the pointer is over them
  await expect(page.getByText('Mei Tanaka')).toHaveCount(0);
});

test('the agent’s menu; a page whose script or answer does not come is got by another try', async ({ page }) => {
  const menu = page.getByRole('button', { name: /^Hello/ });
  await menu.click();
  for (const [sub, name, attribute, value] of [
    ['Theme', 'Light', 'data-mantine-color-scheme', 'light'], ['Theme', 'System', 'data-mantine-color-scheme', 'light'],
    ['Language', 'Same as the browser', 'lang', 'en'],
  ] as const) {
    await page.getByRole('menuitem', { name: sub }).hover();
    await page.getByRole('menuitemradio', { name }).click();
    await expect(page.locator('html')).toHaveAttribute(attribute, value);
  }
  await page.keyboard.press('Escape');

  await page.route('**/api/computers', (route) => route.fulfill({ status: 500, json: {} }));
  await page.goto(`${server.url}/computers`);
  await expect(button(page, 'Try again')).toBeVisible({ timeout: 20_000 });
  await page.unroute('**/api/computers');
  await button(page, 'Try again').click();
  await expect(page.getByRole('row').nth(2)).toBeVisible();

  await button(page, 'Add a computer').click();
  await button(page, 'Command line').click();
  await expect(page.getByRole('link', { name: 'Download the client' })).toHaveAttribute('href', '/download');
  await page.getByRole('searchbox').fill('nobody has this');
  await expect(page.getByRole('row')).toHaveCount(1);
  await button(page, 'Clear').click();
  await expect(page.getByRole('row').nth(2)).toBeVisible();

  await page.route('**/assets/logs-*.js', (route) => route.abort());
  await page.goto(`${server.url}/logs`);
  await expect(button(page, 'Reload')).toBeVisible();
  await page.unroute('**/assets/logs-*.js');
  await button(page, 'Reload').click();
  await expect(page.getByRole('heading', { name: 'Session Logs' })).toBeVisible();
});

test('Session Logs: columns, filters, details', async ({ page }) => {
  await page.goto(`${server.url}/logs`);
  await item(page, button(page, 'Columns'), 'Ticket', 'menuitemcheckbox');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('columnheader', { name: 'Ticket' })).toHaveCount(0);
  await button(page, 'More filters').click();
  await page.getByLabel('Computer', { exact: true }).fill('nobody has this');
  await page.keyboard.press('Escape');
  await expect(page.getByText('No session matches')).toBeVisible();
  await button(page, 'More filters (1)').click();
  await page.keyboard.press('Escape');
  await button(page, 'Clear all filters').first().click();
  await page.getByRole('row').nth(1).getByRole('link').first().click();
  const note = page.getByRole('textbox', { name: 'Note' });
  const before = await note.inputValue();
  await note.fill('Not so');
  await button(page, 'Cancel').click();
  await expect(note).toHaveValue(before);
  await button(page, 'Close the details').click();
  await expect(page.getByRole('complementary')).toHaveCount(0);
});

test('Settings: dialogs that are left, other logins', async ({ page, browser }) => {
  for (const [where, open] of [['security', 'Set up'], ['tokens', 'New token']] as const) {
    await page.goto(`${server.url}/settings/${where}`);
    await button(page, open).click();
    await dialog(page).getByRole('button', { name: 'Cancel' }).click();
    await expect(dialog(page)).toHaveCount(0);
  }
  const other = await person(browser);
  await logIn(other, server);
  await page.goto(`${server.url}/settings/logins`);
  await button(page, 'End all others').click();
  await expect(other.getByRole('button', { name: 'Log in', exact: true })).toBeVisible();
});

test('Administration: agents, roles, policies', async ({ page, browser }) => {
  await page.goto(`${server.url}/admin/agents`);
  await button(page, 'Add agent').click();
  await dialog(page).getByLabel('User name').fill('grace');
  await dialog(page).getByLabel('Name', { exact: true }).fill('Grace Green');
  await dialog(page).getByRole('button', { name: 'Add agent' }).click();
  await dialog(page).getByRole('button', { name: 'Done' }).click();
  const more = (name: string) => page.getByRole('row').filter({ hasText: name }).getByRole('button', { name: 'More' });
  await item(page, more('Grace Green'), 'New invitation link');
  await expect(dialog(page).getByLabel('Invitation link')).toHaveValue(/invitation#/);
  await page.keyboard.press('Escape');
  await item(page, more('Grace Green'), 'Edit');
  await dialog(page).getByRole('button', { name: 'Cancel' }).click();

  await item(page, more(INES.name), 'Reset password');
  const link = await dialog(page).getByRole('textbox').inputValue();
  await page.keyboard.press('Escape');
  const ines = await person(browser);
  await ines.goto(link);
  await ines.getByLabel('New password', { exact: true }).fill('slow river two bridges');
  await ines.getByLabel('New password again').fill('slow river two bridges');
  await ines.getByRole('button', { name: 'Save the password' }).click();
  await expect(ines.getByText('Your password is changed.')).toBeVisible();

  server.sql(`INSERT INTO totp (agent_id, secret, confirmed_at, counter) SELECT id, x'00', 1, 0 FROM agent WHERE user_name = 'ines'`);
  await page.reload();
  await item(page, more(INES.name), 'Reset second factor');
  await dialog(page).getByRole('button', { name: 'Reset second factor' }).click();
  await expect(page.getByText('Second factor reset')).toBeVisible();

  await page.goto(`${server.url}/admin/roles`);
  await button(page, 'Add role').click();
  await dialog(page).getByLabel('Name').fill('Short-lived');
  await dialog(page).getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('row').filter({ hasText: 'Short-lived' })).toHaveCount(0);
  await page.goto(`${server.url}/admin/policies`);
  const field = page.getByLabel('Time to answer, in seconds');
  await field.fill('45');
  await page.getByRole('link', { name: 'Agents', exact: true }).click();
  await button(page, 'Stay').click();
  await button(page, 'Discard').click();
  await expect(field).toHaveValue('30');
});

test('Administration: branding, webhooks, audit', async ({ page }) => {
  await page.goto(`${server.url}/admin/branding`);
  const picture = Buffer.from(
    await page.evaluate(() => Object.assign(document.createElement('canvas'), { width: 64, height: 64 }).toDataURL('image/png').split(',')[1]!), 'base64');
  for (const name of ['Choose a logo', 'Replace the logo']) {
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), button(page, name).click()]);
    await chooser.setFiles({ name: 'logo.png', mimeType: 'image/png', buffer: picture });
    await expect(page.getByRole('img', { name: 'The logo now' })).toBeVisible();
  }
  await button(page, 'Remove the logo').click();
  await expect(button(page, 'Choose a logo')).toBeVisible();

  const url = 'http://127.0.0.1:9/hook';
  await page.goto(`${server.url}/admin/webhooks`);
  await button(page, 'Add a webhook').click();
  await dialog(page).getByRole('textbox', { name: 'Address' }).fill(url);
  await dialog(page).getByRole('button', { name: 'Add a webhook' }).click();
  await dialog(page).getByRole('button', { name: 'Close' }).last().click();
  const actions = button(page, `Actions for ${url}`);
  await item(page, actions, 'Edit …');
  await dialog(page).getByRole('button', { name: 'Cancel' }).click();
  await item(page, actions, 'Switch off');
  await item(page, actions, 'Switch on');
  await item(page, actions, 'New secret');
  await expect(dialog(page).getByText(/^whsec_/)).toBeVisible();
  await dialog(page).getByRole('button', { name: 'Close' }).last().click();
  await button(page, 'Last answers').click();
  await expect(button(page, 'Last answers')).toHaveAttribute('aria-expanded', 'true');
  await item(page, actions, 'Remove …');
  await dialog(page).getByRole('button', { name: 'Remove the webhook' }).click();
  await expect(page.getByText(url)).toHaveCount(0);

  await page.goto(`${server.url}/admin/audit`);
  await button(page, 'Verify').click();
  await button(page, 'Copy the end').click();
  await expect.poll(() => copied(page)).toMatch(/^\S{20,}$/);
  await page.getByLabel('From').fill('2020-01-01');
  await button(page, 'Clear').click();
  await expect(page.getByLabel('From')).toHaveValue('');
});

test('the login: another way, and from the start', async ({ page, browser }) => {
  await page.goto(`${server.url}/settings/security`);
  server.sql(`INSERT INTO totp (agent_id, secret, confirmed_at, counter) SELECT id, x'00', 1, 0 FROM agent WHERE user_name = 'rodney'; INSERT INTO recovery_code (agent_id, code_hash) SELECT id, x'01' FROM agent WHERE user_name = 'rodney'`);
  const other = await person(browser);
  await other.goto(server.url);
  await other.getByLabel(/user name/i).fill(AGENT.userName);
  await other.getByLabel(/^password/i).fill(AGENT.password);
  await other.getByRole('button', { name: 'Log in', exact: true }).click();
  await expect(other.getByLabel('Code', { exact: true })).toBeVisible();
  await button(other, 'Use a recovery code').click();
  await button(other, 'Use the authenticator app').click();
  await button(other, 'Start again').click();
  await expect(other.getByRole('button', { name: 'Log in', exact: true })).toBeVisible();
  await other.getByRole('link', { name: 'Forgot password?' }).click();
  await other.getByLabel('User name or e-mail address').fill(INES.userName);
  await button(other, 'Send the link').click();
  await expect.poll(() => mail.mails.some((one) => one.includes('ines@example.com') && one.includes('/reset#'))).toBe(true);
});
