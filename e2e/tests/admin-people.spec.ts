// Administration of agents, roles and policies, with the real server and client.
import { expect, type Page, test } from '@playwright/test';
import { answer, startFromLink } from '../harness/client.ts';
import { logIn, person, picture } from '../harness/console.ts';
import { Desktop } from '../harness/desktop.ts';
import { expectAccessible } from '../harness/faults.ts';
import { AGENT, Server } from '../harness/server.ts';

const BOSS = { userName: 'boss', name: 'Barbara Boss', password: 'Quiet-lighthouse-42-ferry' };
let server: Server;

test.beforeEach(async () => {
  server = await Server.start();
  server.addAgent(BOSS.userName, BOSS.name, 'administrator', BOSS.password);
});
test.afterEach(async () => { await server.stop(); });

const administration = async (page: Page, section: string) => {
  await page.getByRole('link', { name: 'Administration' }).click();
  await page.getByRole('navigation', { name: 'Sections of Administration' }).getByRole('link', { name: section, exact: true }).click();
  await expect(page.getByRole('heading', { name: section, exact: true })).toBeVisible();
};

test('an agent is invited by a link, logs in, and is out at once when disabled', async ({ page, browser }) => {
  await logIn(page, server, BOSS);
  await administration(page, 'Agents');
  await expectAccessible(page, 'Agents');
  await page.getByRole('button', { name: 'Add agent' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('User name').fill('grace');
  await dialog.getByLabel('Name', { exact: true }).fill('Grace Green');
  await dialog.getByRole('button', { name: 'Add agent' }).click();
  const link = await dialog.getByLabel('Invitation link').inputValue();
  expect(link).toMatch(new RegExp(`^${server.url}/invitation#[\\w-]{27}$`));
  await dialog.getByRole('button', { name: 'Done' }).click();
  const row = page.getByRole('row').filter({ hasText: 'Grace Green' });
  await expect(row).toContainText('Invited');

  // Looking at the link does not use it up.
  const grace = await person(browser);
  for (let i = 0; i < 2; i++) {
    await grace.goto('about:blank');
    await grace.goto(link);
    await expect(grace.getByText('Your user name is grace.')).toBeVisible();
  }
  const password = 'slow-river-two-bridges';
  await grace.getByLabel('New password').fill(password);
  await grace.getByLabel('Repeat the password').fill(password);
  await grace.getByRole('button', { name: 'Save password' }).click();
  await grace.getByRole('link', { name: 'Log in' }).click();
  await logIn(grace, server, { userName: 'grace', name: 'Grace Green', password });
  await expect(grace.getByRole('link', { name: 'Administration' })).toHaveCount(0);
  await expect(row).toContainText('Active');

  const late = await person(browser);
  await late.goto(link);
  await expect(late.getByRole('heading', { name: 'This invitation leads nowhere any more' })).toBeVisible();

  await row.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Disable' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click();
  await expect(grace.getByRole('button', { name: 'Log in', exact: true })).toBeVisible({ timeout: 2_000 });
  await expect(row).toContainText('Disabled');

  // Several at once, on a phone.
  await page.setViewportSize({ width: 390, height: 844 });
  await row.getByRole('checkbox', { name: 'Select Grace Green' }).check();
  await page.getByRole('checkbox', { name: 'Select Rodney Example' }).check();
  const chosen = page.getByRole('group', { name: '2 selected' });
  await chosen.getByRole('button', { name: 'Enable' }).click();
  await expect(row).toContainText('Active');
  await page.getByRole('checkbox', { name: 'Select Rodney Example' }).check();
  await page.getByRole('button', { name: 'Clear selection' }).click();
  await expect(page.getByRole('checkbox', { name: 'Select Rodney Example' })).not.toBeChecked();
});

test('a role without control only views', async ({ page, browser }) => {
  const desktop = await Desktop.start('1024x768');
  try {
    await logIn(page, server, BOSS);
    await administration(page, 'Roles');
    await page.getByRole('button', { name: 'Add role' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Observers');
    await dialog.getByLabel('Control the computer').uncheck();
    await dialog.getByLabel('Share links').check();
    await dialog.getByRole('button', { name: 'Add role' }).click();
    await expect(page.getByRole('row').filter({ hasText: 'Observers' })).toContainText('Look at the screen and Share links');

    await administration(page, 'Agents');
    await page.getByRole('row').filter({ hasText: AGENT.name }).getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Edit' }).click();
    await dialog.getByLabel('Role').click();
    await page.getByRole('option', { name: 'Observers' }).click();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByRole('row').filter({ hasText: AGENT.name })).toContainText('Observers');

    const rodney = await person(browser);
    await logIn(rodney, server);
    await expect(rodney.getByRole('switch', { name: 'Show all sessions' })).toHaveCount(0);
    await startFromLink(desktop, server, '4711', 'A. Martin');
    const row = rodney.getByRole('row').filter({ hasText: 'A. Martin' });
    await expect(row).toContainText('Ready');
    const sessions = await (await rodney.request.get(`${server.url}/api/sessions`)).json();
    const refused = await rodney.request.post(`${server.url}/api/sessions/${sessions.items[0].id}/viewers`, {
      data: { commitment: 'A'.repeat(43), level: 'control' },
    });
    expect(refused.status()).toBe(403);
    await row.getByRole('button', { name: 'Connect', exact: true }).click();
    await answer(desktop, 'view');
    await picture(rodney);
    await expect.poll(async () => {
      const live = await (await rodney.request.get(`${server.url}/api/sessions/${sessions.items[0].id}`)).json();
      return live.viewers[0]?.level;
    }).toBe('view');

    // Without looking, the open view ends as well.
    await administration(page, 'Roles');
    await page.getByRole('row').filter({ hasText: 'Observers' }).getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Edit' }).click();
    await dialog.getByLabel('Look at the screen').uncheck();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(rodney.getByText('The session is over')).toBeVisible({ timeout: 5_000 });
  } finally {
    await desktop.stop();
  }
});

test('policies are saved, and are true at once', async ({ page }) => {
  await logIn(page, server, BOSS);
  await administration(page, 'Policies');
  await expectAccessible(page, 'Policies');
  await page.getByLabel('Time to answer, in seconds').fill('45');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.getByText('Policies saved')).toBeVisible();
  await page.reload();
  await expect(page.getByLabel('Time to answer, in seconds')).toHaveValue('45');
});
